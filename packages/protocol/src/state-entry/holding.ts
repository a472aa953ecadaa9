import { isAmount } from '../amount/amount.ts';
import { amount128, type Codec, containerCodec, uint8, uint32 } from '../ssz/codec.ts';
import { readUint32, writeUint32 } from '../ssz/field.ts';
import { createScratch, readAmount, writeAmount } from '../ssz/scratch.ts';

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
  /** One of `FREEZE`. */
  readonly freeze: number;
};

const schema = containerCodec({
  amount: amount128,
  state: uint8,
  generation: uint32,
  pendingIn: amount128,
  pendingOut: amount128,
  freeze: uint8,
});

/** Length of a holding's canonical bytes: at most 64, which V8 keeps on its own heap. */
const HOLDING_BYTES = 54;

/** Canonical bytes of a holding, 54 bytes. Written out because every transfer reads and writes two. */
export const holdingCodec: Codec<Holding> = createHoldingCodec();

function createHoldingCodec(): Codec<Holding> {
  const memory = createScratch(HOLDING_BYTES);
  const { bytes, view } = memory;
  return {
    encode: (holding) => {
      const { amount, state, generation, pendingIn, pendingOut, freeze } = holding;
      if (!isAmount(amount) || !isAmount(pendingIn) || !isAmount(pendingOut)) return schema.encode(holding);
      writeAmount(view, 0, amount);
      bytes[16] = state;
      writeUint32(bytes, 17, generation);
      writeAmount(view, 21, pendingIn);
      writeAmount(view, 37, pendingOut);
      bytes[53] = freeze;
      return bytes.slice();
    },
    decode: (encoded) => {
      if (encoded.length !== HOLDING_BYTES) return schema.decode(encoded);
      bytes.set(encoded);
      return {
        amount: readAmount(view, 0),
        state: bytes[16] as number,
        generation: readUint32(bytes, 17),
        pendingIn: readAmount(view, 21),
        pendingOut: readAmount(view, 37),
        freeze: bytes[53] as number,
      };
    },
  };
}

/** What an (owner, asset) pair is before it was first funded. */
export const EMPTY_HOLDING: Holding = {
  amount: 0n,
  state: 0,
  generation: 0,
  pendingIn: 0n,
  pendingOut: 0n,
  freeze: 0,
};

/** What an owner has requested to withdraw of an asset on one UTC day (unix seconds / 86 400). */
export type WithdrawalDay = { readonly day: number; readonly requested: bigint };

/** Canonical bytes of a withdrawal day. */
export const withdrawalDayCodec: Codec<WithdrawalDay> = containerCodec({ day: uint32, requested: amount128 });

/** The daily withdrawal limit of an account on the UTC day on which it was last raised or taken away: the lowest of that day, never 0. */
export type DailyLimitRaise = { readonly day: number; readonly limitThatDay: bigint };

/** Canonical bytes of a raise of a daily limit. */
export const dailyLimitRaiseCodec: Codec<DailyLimitRaise> = containerCodec({ day: uint32, limitThatDay: amount128 });
