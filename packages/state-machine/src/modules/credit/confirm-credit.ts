import { equalBytes, type Lot, type LotId, type ResultCode } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { accountOf, updateAccount } from '../../ledger/accounts.ts';
import { blocksReceipts, freezeOf } from '../../ledger/freezes.ts';
import { availableOf, changePending, creditHolding, debitHolding } from '../../ledger/holdings.ts';
import { emitRecord } from '../../ledger/records.ts';
import { checkCurrent, checkTransition, closeLot, knownLot, lotOf } from '../../ledger/requests.ts';
import { checkSpending, definedAsset } from '../../ledger/spending.ts';
import { debtTable } from '../../state/tables.ts';
import type { Operation } from '../module.ts';

/** The party that did not open a credit agrees to its terms: S3 –E09→ S5, the money is the borrower's and the debt is recorded. */
export const confirmCredit: Operation<'ConfirmCredit'> = {
  check: (execution, message) => {
    const lot = lotOf(execution, message.lot);
    const legal = checkTransition(lot, 'E09');
    if (legal !== 'OK' || lot === undefined) return legal;
    if (!equalBytes(lot.counterparty, message.from)) return 'NOT_PERMITTED';
    const parties = checkParties(execution, lot);
    if (parties !== 'OK') return parties;
    const current = checkCurrent(execution, lot, message.revision);
    if (current !== 'OK') return current;
    if (execution.nowSec >= lot.dueAt) return 'REQUEST_EXPIRED';
    if (lot.amount === 0n && availableOf(execution, lot.counterparty, lot.asset) < lot.requested) return 'INSUFFICIENT_BALANCE';
    return equalBytes(message.termsHash, lot.termsHash) ? 'OK' : 'TERMS_MISMATCH';
  },
  execute: (execution, message) => {
    const id = message.lot as Uint8Array as LotId;
    const lot = knownLot(execution, id);
    const { asset, requested: principal, termsHash, dueAt, revision } = lot;
    const { lender, borrower } = partiesOfCredit(lot);
    if (lot.amount === 0n) debitHolding(execution, lender, asset, principal);
    else changePending(execution, lender, asset, { out: -principal });
    creditHolding(execution, borrower, asset, principal);
    changePending(execution, borrower, asset, { in: -principal });
    execution.state.set(debtTable, id, { lender, borrower, asset, principal, outstanding: principal, termsHash, dueAt });
    for (const party of [lender, borrower]) updateAccount(execution, party, { openDebts: accountOf(execution, party).openDebts + 1 });
    emitRecord(execution, {
      state: 'S3',
      input: 'E09',
      lot: id,
      asset,
      amount: principal,
      from: lender,
      to: borrower,
      revision,
      action: 'confirm',
    });
    closeLot(execution, id, lot, { state: 5, owner: borrower });
  },
};

/** Who lends and who borrows: a lot that holds money is the lender's offer. */
function partiesOfCredit(lot: Lot): { readonly lender: Lot['owner']; readonly borrower: Lot['owner'] } {
  return lot.amount > 0n ? { lender: lot.owner, borrower: lot.counterparty } : { lender: lot.counterparty, borrower: lot.owner };
}

/** A lender confirming an application spends now; into a deeply frozen borrower nothing is confirmed. */
function checkParties(execution: Execution, lot: Lot): ResultCode {
  const { lender, borrower } = partiesOfCredit(lot);
  if (lot.amount === 0n) {
    const spending = checkSpending(execution, lender, lot.asset, 'transfer');
    if (spending !== 'OK') return spending;
  }
  return blocksReceipts(freezeOf(execution, borrower, lot.asset, definedAsset(execution, lot.asset))) ? 'FROZEN' : 'OK';
}
