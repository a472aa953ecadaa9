import { assertInvariant, type Input, type Lot, type LotId } from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';
import { changePending, creditHolding } from './holdings.ts';
import { ZERO_ADDRESS } from './known-addresses.ts';
import { emitRecord } from './records.ts';
import { closeLot, stateOf } from './requests.ts';

const REJECT_INPUTS: Readonly<Record<number, Input>> = { 1: 'E02', 2: 'E05', 3: 'E08', 4: 'E11' };

/**
 * Rejects an open request of any kind: what it holds returns to its owner's main lot and the counters of both sides fall.
 *
 * One function for a party's reject, a cancellation and the scheduler's expiry, so that all of them do exactly the same.
 */
export function rejectRequest(execution: Execution, id: LotId, lot: Lot, reason: string): void {
  const input = REJECT_INPUTS[lot.state];
  assertInvariant(input !== undefined, 'only open requests are rejected');
  releaseHold(execution, lot, lot.requested);
  emitRecord(execution, {
    state: stateOf(lot),
    input,
    lot: id,
    asset: lot.asset,
    amount: lot.requested,
    ...partiesOf(lot),
    revision: lot.revision,
    product: lot.product,
    productId: lot.productId,
    action: 'reject',
    reason,
  });
  closeLot(execution, id, lot, { state: lot.state === 1 ? 0 : 5 });
}

/** Gives `amount` of the request back: to the owner what is held, and off both sides' counters. */
export function releaseHold(execution: Execution, lot: Lot, amount: bigint): void {
  const holds = lot.amount > 0n;
  if (holds) {
    creditHolding(execution, lot.owner, lot.asset, amount);
    changePending(execution, lot.owner, lot.asset, { out: -amount });
  }
  const receiver = receiverOf(lot);
  if (receiver !== undefined) changePending(execution, receiver, lot.asset, { in: -amount });
}

/** Who waits for the money of a request, if that is somebody on the ledger. */
export function receiverOf(lot: Lot): Lot['owner'] | undefined {
  if (lot.state === 1) return lot.owner;
  if (lot.state === 2) return lot.counterparty;
  if (lot.state === 3) return lot.amount > 0n ? lot.counterparty : lot.owner;
  return undefined;
}

/** Payer and payee as records name them; zeros stand for the outside world. */
function partiesOf(lot: Lot): { readonly from: Lot['owner']; readonly to: Lot['owner'] } {
  if (lot.state === 1) return { from: ZERO_ADDRESS, to: lot.owner };
  if (lot.state === 4) return { from: lot.owner, to: ZERO_ADDRESS };
  if (lot.state === 3 && lot.amount === 0n) return { from: lot.counterparty, to: lot.owner };
  return { from: lot.owner, to: lot.counterparty };
}
