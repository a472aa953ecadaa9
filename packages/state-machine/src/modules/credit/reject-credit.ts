import { equalBytes, type LotId } from '@mutual-chain/protocol';
import { rejectRequest } from '../../ledger/rejection.ts';
import { checkTransition, knownLot, lotOf } from '../../ledger/requests.ts';
import type { Operation } from '../module.ts';

/** Declines a credit, or takes one's own proposal back: S3 –E08→ S5. Freezes do not matter. */
export const rejectCredit: Operation<'RejectCredit'> = {
  check: (execution, message) => {
    const lot = lotOf(execution, message.lot);
    const legal = checkTransition(lot, 'E08');
    if (legal !== 'OK' || lot === undefined) return legal;
    if (!equalBytes(lot.counterparty, message.from) && !equalBytes(lot.owner, message.from)) return 'NOT_PERMITTED';
    return message.revision === lot.revision ? 'OK' : 'STALE_REVISION';
  },
  execute: (execution, message) => {
    rejectRequest(execution, message.lot as Uint8Array as LotId, knownLot(execution, message.lot), message.reason);
  },
};
