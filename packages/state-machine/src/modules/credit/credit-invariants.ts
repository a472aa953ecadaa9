import { equalBytes, STATE_NAMESPACES } from '@mutual-chain/protocol';
import { nameOfEntry } from '../../audit/entry-name.ts';
import { isZero } from '../../ledger/requests.ts';
import { accountTable, assetTable, debtTable, lotTable } from '../../state/tables.ts';
import type { StateKey } from '../../view/state-key.ts';
import type { Invariant } from '../module.ts';

/** A credit proposal (S3) holds all of what is offered, or nothing when it was applied for, and its parties are two. */
export const creditLots: Invariant = {
  name: 'credit lots',
  violations: (state) => {
    const violations: string[] = [];
    for (const { key, value: lot } of state.rows(STATE_NAMESPACES.lot, lotTable)) {
      if (lot.state !== 3) continue;
      if (lot.amount !== 0n && lot.amount !== lot.requested) violations.push(`${nameOfEntry(key)}: holds a part of what is offered`);
      if (isZero(lot.counterparty) || equalBytes(lot.counterparty, lot.owner)) violations.push(`${nameOfEntry(key)}: has no other party`);
    }
    return violations;
  },
};

/** What is owed never exceeds what was lent, of a defined asset, and lender and borrower count the debts that are open. */
export const debts: Invariant = {
  name: 'debts',
  violations: (state) => {
    const violations: string[] = [];
    const counts = new Map<StateKey, number>();
    for (const { key, value: debt } of state.rows(STATE_NAMESPACES.debt, debtTable)) {
      if (debt.outstanding > debt.principal) violations.push(`${nameOfEntry(key)}: ${debt.outstanding} owed of ${debt.principal} lent`);
      if (debt.principal === 0n) violations.push(`${nameOfEntry(key)}: nothing was lent`);
      if (state.get(assetTable, debt.asset) === undefined) violations.push(`${nameOfEntry(key)}: asset ${debt.asset} is not defined`);
      if (debt.outstanding === 0n) continue;
      for (const party of [debt.lender, debt.borrower])
        counts.set(accountTable.keyOf(party), (counts.get(accountTable.keyOf(party)) ?? 0) + 1);
    }
    for (const { key, value: account } of state.rows(STATE_NAMESPACES.account, accountTable)) {
      const count = counts.get(key) ?? 0;
      if (account.openDebts !== count) violations.push(`${nameOfEntry(key)}: openDebts is ${account.openDebts}, it has ${count}`);
      counts.delete(key);
    }
    for (const key of counts.keys()) violations.push(`${nameOfEntry(key)}: missing, though it has debts`);
    return violations;
  },
};
