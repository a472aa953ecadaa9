import { assertInvariant, type Cryptography, type TransactionId, transactionIdOf } from '@mutual-chain/protocol';
import { keyOf } from '../mempool/byte-key.ts';
import type { RememberedEnd } from '../mempool/ended-transactions.ts';
import type { CodedRecord } from '../wal/frame.ts';

/** A transaction that a client of this node was promised a place for, or how it ended. */
export type JournalRecord =
  | { readonly type: 'transaction'; readonly raw: Uint8Array }
  /** `timeSec` is the block time of the end, unix seconds. */
  | { readonly type: 'ended'; readonly id: TransactionId; readonly status: RememberedEnd; readonly timeSec: number };

/** Bytes that stand for kinds of records; never given another meaning, and not those of the write-ahead log. */
const KINDS = { transaction: 16, ended: 17 } as const;
const STATUSES: readonly RememberedEnd[] = ['expired', 'rejected'];
const ENDED_BYTES = 32 + 1 + 8;

/** Kind and payload: the raw bytes, or id (32) ‖ 0 expired, 1 rejected (1) ‖ block time (8), big-endian. */
export function encodeJournalRecord(record: JournalRecord): CodedRecord {
  if (record.type === 'transaction') return { kind: KINDS.transaction, payload: record.raw };
  const payload = new Uint8Array(ENDED_BYTES);
  payload.set(record.id);
  payload[32] = STATUSES.indexOf(record.status);
  new DataView(payload.buffer).setBigUint64(33, BigInt(record.timeSec));
  return { kind: KINDS.ended, payload };
}

/** The record of a kind and payload whose checksum was good. undefined for a kind that this version does not know. */
export function decodeJournalRecord({ kind, payload }: CodedRecord): JournalRecord | undefined {
  if (kind === KINDS.transaction) return { type: 'transaction', raw: payload };
  if (kind !== KINDS.ended) return undefined;
  const status = STATUSES[payload[32] ?? STATUSES.length];
  assertInvariant(payload.length === ENDED_BYTES && status !== undefined, 'a record of the journal is what was written');
  const timeSec = Number(new DataView(payload.buffer, payload.byteOffset).getBigUint64(33));
  return { type: 'ended', id: payload.slice(0, 32) as TransactionId, status, timeSec };
}

/** What a record is about: there is one that counts for each. */
export function journalKeyOf(cryptography: Pick<Cryptography, 'sha256'>, record: JournalRecord): string {
  return record.type === 'transaction' ? transactionKey(transactionIdOf(cryptography, record.raw)) : endedKey(record.id);
}

/** Key of a transaction in the journal. */
export function transactionKey(id: TransactionId): string {
  return keyOf(id);
}

/** Key of the end of a transaction in the journal. */
export function endedKey(id: TransactionId): string {
  return `ended ${keyOf(id)}`;
}
