import { amount128, type Codec, containerCodec, uint8, uint32 } from '../ssz/codec.ts';

/** The main lot of one owner and asset with the counters of its requests in flight. */
export type Holding = {
  /** Amount in the main lot, smallest unit; available is this less what a release schedule locks. */
  readonly amount: bigint;
  /** State of the main lot as its digit: 0 (never funded), 5 (active) or 6 (closed; the next deposit starts a new generation at 0). */
  readonly state: number;
  /** How often the main lot has been closed. */
  readonly generation: number;
  /** Requested for this owner and not confirmed yet. */
  readonly pendingIn: bigint;
  /** Held in this owner's requests. */
  readonly pendingOut: bigint;
  /** UTC day (unix seconds / 86 400) to which `withdrawnToday` belongs. */
  readonly withdrawalDay: number;
  /** Requested for withdrawal on that day. */
  readonly withdrawnToday: bigint;
  /** One of `FREEZE`. */
  readonly freeze: number;
};

/** Canonical bytes of a holding. */
export const holdingCodec: Codec<Holding> = containerCodec({
  amount: amount128,
  state: uint8,
  generation: uint32,
  pendingIn: amount128,
  pendingOut: amount128,
  withdrawalDay: uint32,
  withdrawnToday: amount128,
  freeze: uint8,
});

/** What an (owner, asset) pair is before it was first funded. */
export const EMPTY_HOLDING: Holding = {
  amount: 0n,
  state: 0,
  generation: 0,
  pendingIn: 0n,
  pendingOut: 0n,
  withdrawalDay: 0,
  withdrawnToday: 0n,
  freeze: 0,
};
