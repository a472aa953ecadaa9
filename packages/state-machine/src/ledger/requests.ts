import {
  type Address,
  assertInvariant,
  type Bytes32,
  type Input,
  type Lot,
  type LotId,
  type ResultCode,
  type State,
  transition,
} from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';
import { SCHEDULE_KINDS, type ScheduleItem } from '../state/schedule.ts';
import { lotTable } from '../state/tables.ts';
import { accountOf, updateAccount } from './accounts.ts';
import { ZERO_ADDRESS, ZERO_ID } from './known-addresses.ts';

/** DFSM state of a lot. */
export function stateOf(lot: { readonly state: number }): State {
  return `S${lot.state}` as State;
}

/** Whether the lot carries a request: it is in S1 to S4. */
export function isOpen(lot: { readonly state: number }): boolean {
  return lot.state >= 1 && lot.state <= 4;
}

/** The lot with this id (32 bytes), open or closed, or undefined. */
export function lotOf(execution: Execution, id: Uint8Array): Lot | undefined {
  return execution.state.get(lotTable, id as LotId);
}

/** The lot with this id, which a check has found. */
export function knownLot(execution: Execution, id: Uint8Array): Lot {
  const lot = lotOf(execution, id);
  assertInvariant(lot !== undefined, 'the check found the lot');
  return lot;
}

/** Id of the lot that the current transaction opens: its own id. */
export function openedLotId(execution: Execution): LotId {
  return execution.transactionId as Uint8Array as LotId;
}

/** Whether an id field is left empty (all zeros): a request that opens a lot instead of amending one. */
export function isZero(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false;
  return true;
}

/** Fields a new request names; the rest starts empty. */
export type LotOpening = Pick<Lot, 'owner' | 'asset' | 'amount' | 'state' | 'requester' | 'requested' | 'expiresAt'> & Partial<Lot>;

/** A lot with the given fields and everything else empty. */
export function newLot(opening: LotOpening): Lot {
  return {
    revision: 0,
    counterparty: ZERO_ADDRESS,
    termsHash: ZERO_ID as Uint8Array as Bytes32,
    dueAt: 0,
    reference: '',
    claimedBy: ZERO_ADDRESS,
    claimedAt: 0,
    revocable: true,
    closes: false,
    confirmations: [],
    product: '',
    productId: ZERO_ID as Uint8Array as Bytes32,
    parentLot: ZERO_ID as Uint8Array as LotId,
    ...opening,
  };
}

/** Stores an open request, counts it for its owner and schedules its expiry. */
export function openLot(execution: Execution, id: LotId, lot: Lot): void {
  execution.state.set(lotTable, id, lot);
  updateAccount(execution, lot.owner, { openLots: accountOf(execution, lot.owner).openLots + 1 });
  if (lot.expiresAt !== 0) execution.state.schedule(expiryOf(id, lot));
}

/** Replaces an open request by its amended form: revision + 1, gateways' earlier confirms void, expiry moved. */
export function amendLot(execution: Execution, id: LotId, lot: Lot, change: Partial<Lot>): Lot {
  const amended: Lot = { ...lot, ...change, revision: lot.revision + 1, confirmations: [] };
  if (amended.expiresAt !== lot.expiresAt) {
    if (lot.expiresAt !== 0) execution.state.unschedule(expiryOf(id, lot));
    if (amended.expiresAt !== 0) execution.state.schedule(expiryOf(id, amended));
  }
  execution.state.set(lotTable, id, amended);
  return amended;
}

/**
 * Closes a request in its final state: 0 or 5 (holding nothing any more) or 6 (finished; keeps the burned amount for the record).
 * `owner` is the owner after the input: the payee at E06, the borrower at E09.
 */
export function closeLot(execution: Execution, id: LotId, lot: Lot, closing: { state: 0 | 5 | 6; amount?: bigint; owner?: Address }): void {
  assertInvariant(isOpen(lot), 'only open requests are closed');
  const requests = accountOf(execution, lot.owner).openLots;
  assertInvariant(requests > 0, 'an open request is counted for its owner');
  updateAccount(execution, lot.owner, { openLots: requests - 1 });
  if (lot.expiresAt !== 0) execution.state.unschedule(expiryOf(id, lot));
  execution.state.set(lotTable, id, {
    ...lot,
    state: closing.state,
    amount: closing.amount ?? 0n,
    owner: closing.owner ?? lot.owner,
    confirmations: [],
  });
  const dueSec = execution.nowSec + execution.parameters.closedLotRetentionSec;
  execution.state.schedule({ dueSec, kind: SCHEDULE_KINDS.closedLotPurge, id });
}

/** The scheduled rejection of a request. */
export function expiryOf(id: LotId, lot: Lot): ScheduleItem {
  return { dueSec: lot.expiresAt, kind: SCHEDULE_KINDS.lotExpiry, id };
}

/** Whether a gateway has taken the request into processing: its owner can then neither amend nor cancel it, and it does not expire. */
export function isClaimed(lot: Lot): boolean {
  return !isZero(lot.claimedBy);
}

/** Whether a claim is so old that an arbiter may decide the request. */
export function isClaimStale(execution: Execution, lot: Lot): boolean {
  return isClaimed(lot) && execution.nowSec >= lot.claimedAt + execution.parameters.processingSecMax;
}

/**
 * First part of every check that names a lot: it must exist, and δ must have a cell for its state and the input.
 *
 * Comes before any question of authority over the lot: authority follows from the request the lot carries, and a lot whose state has
 * no such cell carries none.
 */
export function checkTransition(lot: Lot | undefined, input: Input): ResultCode {
  if (lot === undefined) return 'UNKNOWN_LOT';
  return transition(stateOf(lot), input) === undefined ? 'DFSM_ILLEGAL' : 'OK';
}

/** Like `checkTransition` for an input that amends: a closed lot, though it may be in S0 or S5, has no request left to amend. */
export function checkAmendable(lot: Lot | undefined, input: Input): ResultCode {
  const code = checkTransition(lot, input);
  if (code !== 'OK' || lot === undefined) return code;
  return isOpen(lot) ? 'OK' : 'UNKNOWN_LOT';
}

/** Last common part of confirms: the revision quoted must be the lot's and the expiry, unless claimed, must lie ahead. */
export function checkCurrent(execution: Execution, lot: Lot, revision: number): ResultCode {
  if (revision !== lot.revision) return 'STALE_REVISION';
  return checkNotExpired(execution, lot);
}

/** Whether the request is still open at this block's time: a confirm at nowSec ≥ expiresAt is too late. */
export function checkNotExpired(execution: Execution, lot: Lot): ResultCode {
  return lot.expiresAt !== 0 && execution.nowSec >= lot.expiresAt && !isClaimed(lot) ? 'REQUEST_EXPIRED' : 'OK';
}

/** Whether an `expiresAt` field may be given to a request: zero, or ahead and within the longest allowed time. */
export function checkExpiryField(execution: Execution, expiresAt: number): ResultCode {
  if (expiresAt === 0) return 'OK';
  if (expiresAt <= execution.nowSec) return 'REQUEST_EXPIRED';
  return expiresAt > execution.nowSec + execution.parameters.requestExpirySecMax ? 'INVALID_FIELD' : 'OK';
}

/** Whether the owner may open one more request. */
export function checkOpenLots(execution: Execution, owner: Address): ResultCode {
  return accountOf(execution, owner).openLots >= execution.parameters.openLotsPerAccountMax ? 'LIMIT_EXCEEDED' : 'OK';
}
