import type { LotId } from '@mutual-chain/protocol';
import { isGateway } from '../ledger/assets.ts';
import { checkCurrent, expiryOf, isClaimed, knownLot, lotOf } from '../ledger/requests.ts';
import { definedAsset } from '../ledger/spending.ts';
import { lotTable } from '../state/tables.ts';
import type { Operation } from './module.ts';

/**
 * A gateway takes a deposit or withdrawal into processing before it acts outside: from then on the owner can neither amend nor cancel,
 * and the request does not expire, so a bank payment never races a cancellation.
 */
export const claimRequest: Operation<'ClaimRequest'> = {
  check: (execution, message) => {
    const lot = lotOf(execution, message.lot);
    if (lot === undefined) return 'UNKNOWN_LOT';
    if (lot.state !== 1 && lot.state !== 4) return 'DFSM_ILLEGAL';
    if (!isGateway(definedAsset(execution, lot.asset), message.from)) return 'NOT_PERMITTED';
    const current = checkCurrent(execution, lot, message.revision);
    if (current !== 'OK') return current;
    return isClaimed(lot) ? 'ALREADY_CLAIMED' : 'OK';
  },
  execute: (execution, message) => {
    const id = message.lot as Uint8Array as LotId;
    const lot = knownLot(execution, id);
    if (lot.expiresAt !== 0) execution.state.unschedule(expiryOf(id, lot));
    execution.state.set(lotTable, id, { ...lot, claimedBy: message.from, claimedAt: execution.nowSec });
  },
};
