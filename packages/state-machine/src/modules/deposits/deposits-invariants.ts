import { STATE_NAMESPACES } from '@mutual-chain/protocol';
import { nameOfEntry } from '../../audit/entry-name.ts';
import { isZero } from '../../ledger/requests.ts';
import { lotTable } from '../../state/tables.ts';
import type { Invariant } from '../module.ts';

/** A deposit request (S1) is empty until a gateway mints, and nobody on the ledger pays it. */
export const depositLots: Invariant = {
  name: 'deposit lots',
  violations: (state) => {
    const violations: string[] = [];
    for (const { key, value: lot } of state.rows(STATE_NAMESPACES.lot, lotTable)) {
      if (lot.state !== 1) continue;
      if (lot.amount !== 0n) violations.push(`${nameOfEntry(key)}: holds ${lot.amount} before anything was minted`);
      if (!isZero(lot.counterparty)) violations.push(`${nameOfEntry(key)}: names a payer`);
    }
    return violations;
  },
};
