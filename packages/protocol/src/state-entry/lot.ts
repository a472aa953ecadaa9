import type { Address, Bytes32, LotId } from '../bytes/branded.ts';
import { amount128, bool, type Codec, containerCodec, fixedBytes, listOf, text, uint8, uint32, uint64 } from '../ssz/codec.ts';

/** One gateway's signature of a confirm that needs several: they count only when lot, revision, amount and reference are equal. */
export type GatewayConfirmation = {
  readonly gateway: Address;
  readonly revision: number;
  readonly amount: bigint;
  readonly externalRef: string;
};

/**
 * A lot that carries a request, split off its owner's main lot.
 *
 * `state` is the DFSM state's digit. States 1–4 are open requests. A lot in 0, 5 or 6 is closed: it holds nothing (what it held has
 * coalesced, been minted, or been burned) and is kept for `closedLotRetentionSec` so that late inputs get an exact answer.
 */
export type Lot = {
  readonly owner: Address;
  readonly asset: string;
  /** What the lot holds, smallest unit; 0 for deposits and credit applications. In state 6 what was burned. */
  readonly amount: bigint;
  readonly state: number;
  /** How often the request has been amended. */
  readonly revision: number;
  /** Who opened the request: the only one who may amend it. */
  readonly requester: Address;
  /** Payee, lender or borrower on the other side; zeros for deposits and withdrawals. */
  readonly counterparty: Address;
  /** What was asked for. */
  readonly requested: bigint;
  /** Unix seconds at which the scheduler rejects the request; 0 means never. */
  readonly expiresAt: number;
  /** Terms of a credit, or zeros. */
  readonly termsHash: Bytes32;
  /** When a credit falls due, unix seconds. */
  readonly dueAt: number;
  /** Memo, payment reference or payout destination. */
  readonly reference: string;
  /** Gateway that is processing the request, or zeros. */
  readonly claimedBy: Address;
  /** Unix seconds of that claim. */
  readonly claimedAt: number;
  /** Whether the owner may take a transfer request back. */
  readonly revocable: boolean;
  /** Whether the confirm of this withdrawal closes the main lot. */
  readonly closes: boolean;
  /** Confirms of an m-of-n gateway so far. */
  readonly confirmations: readonly GatewayConfirmation[];
  /** Product whose escrow or contract the lot belongs to, or empty. */
  readonly product: string;
  readonly productId: Bytes32;
  /** The lot this one was split from by a partial confirm, or zeros. */
  readonly parentLot: LotId;
};

/** Canonical bytes of a lot. */
export const lotCodec: Codec<Lot> = containerCodec({
  owner: fixedBytes<Address>(20),
  asset: text(16),
  amount: amount128,
  state: uint8,
  revision: uint32,
  requester: fixedBytes<Address>(20),
  counterparty: fixedBytes<Address>(20),
  requested: amount128,
  expiresAt: uint64,
  termsHash: fixedBytes<Bytes32>(32),
  dueAt: uint64,
  reference: text(256),
  claimedBy: fixedBytes<Address>(20),
  claimedAt: uint64,
  revocable: bool,
  closes: bool,
  confirmations: listOf({ gateway: fixedBytes<Address>(20), revision: uint32, amount: amount128, externalRef: text(128) }, 16),
  product: text(32),
  productId: fixedBytes<Bytes32>(32),
  parentLot: fixedBytes<LotId>(32),
});
