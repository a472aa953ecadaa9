import { equalBytes, type Lot, type LotId, type TransactionMessage } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { accountOf, hasRole } from '../../ledger/accounts.ts';
import { rejectRequest } from '../../ledger/rejection.ts';
import { checkTransition, knownLot, lotOf } from '../../ledger/requests.ts';
import type { Operation } from '../module.ts';

/** Declines, takes back or, by an arbiter, ends a transfer request: S2 –E05→ S5, the money returns to the payer. Freezes do not matter. */
export const rejectTransfer: Operation<'RejectTransfer'> = {
  check: (execution, message) => {
    const lot = lotOf(execution, message.lot);
    const legal = checkTransition(lot, 'E05');
    if (legal !== 'OK' || lot === undefined) return legal;
    if (!mayReject(execution, lot, message)) return 'NOT_PERMITTED';
    return message.revision === lot.revision ? 'OK' : 'STALE_REVISION';
  },
  execute: (execution, message) => {
    const id = message.lot as Uint8Array as LotId;
    const lot = knownLot(execution, id);
    rejectRequest(execution, id, lot, message.reason);
  },
};

function mayReject(execution: Execution, lot: Lot, message: TransactionMessage<'RejectTransfer'>): boolean {
  if (equalBytes(lot.counterparty, message.from)) return true;
  if (equalBytes(lot.owner, message.from)) return lot.revocable;
  return hasRole(accountOf(execution, message.from), 'arbiter');
}
