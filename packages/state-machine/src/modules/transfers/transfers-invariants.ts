import { equalBytes, STATE_NAMESPACES } from '@mutual-chain/protocol';
import { nameOfEntry } from '../../audit/entry-name.ts';
import { isZero } from '../../ledger/requests.ts';
import { lotTable } from '../../state/tables.ts';
import type { Invariant } from '../module.ts';

/** A transfer request (S2) holds all of what it asks the payee to accept, and payer and payee are two. */
export const transferLots: Invariant = {
  name: 'transfer lots',
  violations: (state) => {
    const violations: string[] = [];
    for (const { key, value: lot } of state.rows(STATE_NAMESPACES.lot, lotTable)) {
      if (lot.state !== 2) continue;
      if (lot.amount !== lot.requested) violations.push(`${nameOfEntry(key)}: holds ${lot.amount} of ${lot.requested} requested`);
      if (isZero(lot.counterparty) || equalBytes(lot.counterparty, lot.owner)) violations.push(`${nameOfEntry(key)}: has no payee`);
    }
    return violations;
  },
};
