import type { Address } from '../bytes/branded.ts';
import { amount128, bool, type Codec, containerCodec, fixedBytes, text, uint32, uint64 } from '../ssz/codec.ts';

/** An owner's leave for somebody else to transfer from one holding, within a limit a UTC day. */
export type Delegation = {
  readonly owner: Address;
  readonly delegate: Address;
  readonly asset: string;
  /** Smallest unit; 0 revokes. */
  readonly dailyLimit: bigint;
  /** Unix seconds at which it ends; 0 means never. */
  readonly expiresAt: number;
  /** UTC day to which `spentToday` belongs. */
  readonly day: number;
  readonly spentToday: bigint;
};

/** Canonical bytes of a delegation. */
export const delegationCodec: Codec<Delegation> = containerCodec({
  owner: fixedBytes<Address>(20),
  delegate: fixedBytes<Address>(20),
  asset: text(16),
  dailyLimit: amount128,
  expiresAt: uint64,
  day: uint32,
  spentToday: amount128,
});

/** An owner's leave for a gateway to open deposits in the owner's name. */
export type DepositAuthorization = {
  readonly owner: Address;
  readonly gateway: Address;
  readonly asset: string;
  readonly allowed: boolean;
};

/** Canonical bytes of a deposit authorization. */
export const depositAuthorizationCodec: Codec<DepositAuthorization> = containerCodec({
  owner: fixedBytes<Address>(20),
  gateway: fixedBytes<Address>(20),
  asset: text(16),
  allowed: bool,
});
