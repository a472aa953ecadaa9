import {
  ChainError,
  type Cryptography,
  decodeTransaction,
  RAW_TRANSACTION_BYTES_MAX,
  type SignedTransaction,
  type TransactionId,
  transactionIdOf,
} from '@mutual-chain/protocol';
import { type Refusal, refusalOf } from './refusal.ts';

/** A decoded transaction of which nothing is verified. */
export type TransactionCandidate = SignedTransaction & { readonly id: TransactionId; readonly bytes: Uint8Array };

/** What raw bytes turned out to be. */
export type ReadOutcome =
  | { readonly type: 'candidate'; readonly candidate: TransactionCandidate }
  | { readonly type: 'known'; readonly id: TransactionId }
  | { readonly type: 'refused'; readonly refusal: Refusal };

/**
 * Reads raw bytes that nobody vouches for: first their length, then whether they are known, and only then what they say. Most of what peers
 * send has come from another peer before. The result keeps `raw`, which nobody may write to again.
 *
 * Refusals: `MALFORMED`, naming the field.
 */
export function readCandidate(
  cryptography: Pick<Cryptography, 'sha256'>,
  raw: Uint8Array,
  isKnown: (id: TransactionId) => boolean,
): ReadOutcome {
  if (raw.length > RAW_TRANSACTION_BYTES_MAX) return { type: 'refused', refusal: refusalOf('MALFORMED') };
  try {
    const id = transactionIdOf(cryptography, raw);
    if (isKnown(id)) return { type: 'known', id };
    return { type: 'candidate', candidate: { ...decodeTransaction(raw), id, bytes: raw } };
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    const { field } = error.details;
    const refusal = refusalOf('MALFORMED');
    return { type: 'refused', refusal: typeof field === 'string' ? { ...refusal, field } : refusal };
  }
}
