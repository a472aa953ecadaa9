import {
  type Address,
  encodeTransaction,
  feeOf,
  type Parameters,
  type Signature,
  type SignedTransaction,
  type UnsignedTransaction,
} from '@mutual-chain/protocol';
import { assertKnownFields } from './assert-known-fields.ts';
import type { Operation, SendOptions } from './operation.ts';

/** What a message is completed from. */
export type DraftContext = {
  readonly from: Address;
  readonly nonce: number;
  /** Time of the last block, unix seconds. */
  readonly timeSec: number;
  readonly parameters: Parameters;
  /** How long a transaction stands where nothing else is said, seconds. */
  readonly validForSec: number;
};

/** How many times the fee of the moment a sender pays at most where nothing else is said, so that a rise in between does not stop it. */
const FEE_MARGIN = 2n;

/**
 * The complete message of an operation. Errors: `SDK_FIELD_UNKNOWN`, `PROTOCOL_TRANSACTION_FIELD_INVALID` and the like, naming the field.
 */
export function draftTransaction(operation: Operation, options: SendOptions, context: DraftContext): UnsignedTransaction {
  assertKnownFields(operation, options);
  const { type, fields } = operation;
  const { from, nonce, timeSec, parameters, validForSec } = context;
  const validUntil = options.validUntil ?? timeSec + Math.min(validForSec, parameters.validUntilWindowSecMax);
  const free = { type, message: { ...fields, from, nonce, validUntil, maxFee: 0n } } as unknown as UnsignedTransaction;
  const maxFee = options.maxFee ?? FEE_MARGIN * feeOf(parameters, type, sizeWithSponsor(free));
  return { type, message: { ...free.message, maxFee } } as unknown as UnsignedTransaction;
}

/** Raw bytes when somebody else pays the fee, which is the longest that the transaction can be. */
function sizeWithSponsor(unsigned: UnsignedTransaction): number {
  const signature = new Uint8Array(65) as Signature;
  const sponsor = { address: new Uint8Array(20) as Address, signature };
  return encodeTransaction({ ...unsigned, signature, sponsor } as SignedTransaction).length;
}
