import type { ResultCode, VerifiedTransaction } from '@mutual-chain/protocol';
import { accountOf } from '../ledger/accounts.ts';
import type { Execution } from './execution.ts';
import { checkFee, type FeeDue } from './fees.ts';

/**
 * Whether a transaction may stand in a block at all: its time window, its nonce and its fee, in the documented order of codes.
 *
 * Signature and chain were checked when it became a `VerifiedTransaction`. A block with a transaction that is not includable is invalid.
 */
export function checkInclusion(execution: Execution, transaction: VerifiedTransaction, due: FeeDue): ResultCode {
  const usable = checkUsable(execution, transaction);
  if (usable !== 'OK') return usable;
  const { from, nonce } = transaction.message;
  if (nonce > accountOf(execution, from).nonce) return 'NONCE_TOO_HIGH';
  return checkFee(execution, transaction, due);
}

/** The part of inclusion that waiting cannot mend: the time window and a nonce that is used. */
export function checkUsable(execution: Execution, transaction: VerifiedTransaction): ResultCode {
  const { from, nonce, validUntil } = transaction.message;
  const { nowSec, parameters } = execution;
  if (validUntil <= nowSec || validUntil > nowSec + parameters.validUntilWindowSecMax) return 'EXPIRED';
  return nonce < accountOf(execution, from).nonce ? 'NONCE_TOO_LOW' : 'OK';
}
