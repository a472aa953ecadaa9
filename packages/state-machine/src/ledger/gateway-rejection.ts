import { equalBytes, type Input, type Lot, type LotId, type ResultCode } from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';
import type { Operation } from '../modules/module.ts';
import { accountOf, hasRole } from './accounts.ts';
import { isGateway } from './assets.ts';
import { rejectRequest } from './rejection.ts';
import { checkTransition, isClaimed, isClaimStale, knownLot, lotOf } from './requests.ts';
import { definedAsset } from './spending.ts';

type Rejection = { readonly from: Lot['owner']; readonly lot: Uint8Array; readonly revision: number; readonly reason: string };

/** The rejection of a request that gateways settle: E02 for deposits, E11 for withdrawals. */
export function gatewayRejection(input: Extract<Input, 'E02' | 'E11'>): Operation<'RejectDeposit'> & Operation<'RejectWithdrawal'> {
  return {
    check: (execution: Execution, message: Rejection) => {
      const lot = lotOf(execution, message.lot);
      const legal = checkTransition(lot, input);
      return legal === 'OK' && lot !== undefined ? checkRejection(execution, lot, message) : legal;
    },
    execute: (execution: Execution, message: Rejection) => {
      rejectRequest(execution, message.lot as LotId, knownLot(execution, message.lot), message.reason);
    },
  };
}

/**
 * A gateway with a reason or the owner, until a gateway has claimed the request; from then on the one that has, with a reason, and an arbiter
 * once the claim is stale.
 */
function checkRejection(execution: Execution, lot: Lot, message: Rejection): ResultCode {
  const gateway = isGateway(definedAsset(execution, lot.asset), message.from);
  const party = equalBytes(lot.owner, message.from) || equalBytes(lot.requester, message.from);
  const arbiter = isClaimStale(execution, lot) && hasRole(accountOf(execution, message.from), 'arbiter');
  if (!gateway && !party && !arbiter) return 'NOT_PERMITTED';
  if (message.revision !== lot.revision) return 'STALE_REVISION';
  const claimer = gateway && equalBytes(lot.claimedBy, message.from);
  if (isClaimed(lot) && !claimer && !arbiter) return 'ALREADY_CLAIMED';
  return message.reason === '' && (gateway || arbiter) ? 'INVALID_FIELD' : 'OK';
}
