import type { Address, Bytes32 } from '../bytes/branded.ts';
import { amount128, type Codec, containerCodec, fixedBytes, text, uint64 } from '../ssz/codec.ts';

/** What a borrower owes since E09; its id is the lot's id. Kept after the last repayment with 0 outstanding. */
export type Debt = {
  readonly lender: Address;
  readonly borrower: Address;
  readonly asset: string;
  /** What was lent, smallest unit. */
  readonly principal: bigint;
  /** What is still owed, 0 ≤ outstanding ≤ principal. */
  readonly outstanding: bigint;
  readonly termsHash: Bytes32;
  /** Unix seconds. */
  readonly dueAt: number;
};

/** Canonical bytes of a debt. */
export const debtCodec: Codec<Debt> = containerCodec({
  lender: fixedBytes<Address>(20),
  borrower: fixedBytes<Address>(20),
  asset: text(16),
  principal: amount128,
  outstanding: amount128,
  termsHash: fixedBytes<Bytes32>(32),
  dueAt: uint64,
});
