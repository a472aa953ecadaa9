import { assertInvariant, RAW_TRANSACTION_BYTES_MAX } from '@mutual-chain/protocol';
import { STREAM_LIMITS } from '../p2p/limits.ts';

/** Version of the form of batches. */
export const BATCH_VERSION = 1;

/** Bytes in front of the transactions. */
export const BATCH_HEADER_BYTES = 1;
/** Bytes in front of each transaction. */
const LENGTH_BYTES = 2;
/** Longest batch that is read, bytes. */
const BATCH_BYTES_MAX = STREAM_LIMITS.transactions.messageBytesMax;

/** What a message is: a batch of raw transactions, which are parts of it, or why it is none. */
export type BatchReading = { readonly transactions: readonly Uint8Array[] } | { readonly refusal: string };

/** Bytes that a transaction takes in a batch. */
export function bytesInBatch(raw: Uint8Array): number {
  return LENGTH_BYTES + raw.length;
}

/** A batch of raw transactions, at least one: version (1) ‖ for each its length (2) and its raw bytes. Numbers big-endian. */
export function encodeBatch(transactions: readonly Uint8Array[]): Uint8Array {
  let length = BATCH_HEADER_BYTES;
  for (const raw of transactions) length += bytesInBatch(raw);
  assertInvariant(transactions.length > 0 && length <= BATCH_BYTES_MAX, 'a batch has transactions, and room for them');
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes[0] = BATCH_VERSION;
  let at = BATCH_HEADER_BYTES;
  for (const raw of transactions) {
    view.setUint16(at, raw.length);
    bytes.set(raw, at + LENGTH_BYTES);
    at += bytesInBatch(raw);
  }
  return bytes;
}

/** Reads what a peer sent. Nothing but what `encodeBatch` writes is a batch. */
export function decodeBatch(bytes: Uint8Array): BatchReading {
  if (bytes.length > BATCH_BYTES_MAX) return { refusal: 'a batch of transactions is too long' };
  if (bytes[0] !== BATCH_VERSION) return { refusal: `a batch of transactions has version ${bytes[0] ?? 'none'}, not ${BATCH_VERSION}` };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const transactions: Uint8Array[] = [];
  for (let at = BATCH_HEADER_BYTES; at < bytes.length; ) {
    const start = at + LENGTH_BYTES;
    const length = start <= bytes.length ? view.getUint16(at) : 0;
    const end = start + length;
    if (length === 0 || length > RAW_TRANSACTION_BYTES_MAX || end > bytes.length)
      return { refusal: `a batch of transactions has a wrong length at byte ${at}` };
    transactions.push(bytes.subarray(start, end));
    at = end;
  }
  return transactions.length === 0 ? { refusal: 'a batch of transactions is empty' } : { transactions };
}
