import { type BlockHeader, headerCodec, type LedgerRecord, type Receipt, type TransactionId } from '@mutual-chain/protocol';
import { nodeError } from '../errors.ts';
import type { StateStore } from '../storage/state-store.ts';
import { type BlockCounts, decodeBlockCounts, decodeTransactionPlace } from './block-entries.ts';
import { chunkPart, heightAt, heightPart, indexKeyOf, prefixEnd } from './index-key.ts';
import { INDEX_FORM } from './limits.ts';
import type { ReceiptWithRecords, TransactionPlace } from './queries.ts';
import { decodeReceiptChunk } from './receipt-chunk.ts';
import { decodeRecordChunk } from './record-chunk.ts';

const { chunkItems } = INDEX_FORM;

/** Where a committed transaction stands. */
export function readTransactionPlace(store: StateStore, id: TransactionId): TransactionPlace | undefined {
  const value = store.readIndex(indexKeyOf('transaction', id));
  const place = value === undefined ? undefined : decodeTransactionPlace(value);
  // The batch of a height can be read a moment before the store counts it as committed.
  return place !== undefined && place.height <= (store.tip?.height ?? -1) ? place : undefined;
}

/** The receipt of a place with its records. */
export function readReceipt(store: StateStore, { height, index }: TransactionPlace): ReceiptWithRecords | undefined {
  const counts = readCounts(store, height);
  if (counts === undefined || index >= counts.transactions) return undefined;
  const receipt = readReceiptChunk(store, height, Math.floor(index / chunkItems))[index % chunkItems];
  if (receipt === undefined) throw missing('receipts', height);
  const records: LedgerRecord[] = [];
  const end = receipt.firstRecord + receipt.records;
  for (let chunk = Math.floor(receipt.firstRecord / chunkItems); chunk * chunkItems < end; chunk++) {
    const first = chunk * chunkItems;
    records.push(...readRecordChunk(store, height, chunk, end - first).slice(Math.max(0, receipt.firstRecord - first)));
  }
  if (records.length !== receipt.records) throw missing('records', height);
  return { receipt, records };
}

/** All receipts of a height. */
export function readReceipts(store: StateStore, height: number): readonly Receipt[] | undefined {
  const counts = readCounts(store, height);
  if (counts === undefined) return undefined;
  const receipts: Receipt[] = [];
  for (let chunk = 0; chunk * chunkItems < counts.transactions; chunk++) receipts.push(...readReceiptChunk(store, height, chunk));
  if (receipts.length !== counts.transactions) throw missing('receipts', height);
  return receipts;
}

/** The header of genesis. */
export function readGenesisHeader(store: StateStore): BlockHeader | undefined {
  const value = store.readIndex(indexKeyOf('genesisHeader'));
  return value === undefined ? undefined : headerCodec.decode(value);
}

/** The lowest height whose records are kept. */
export async function readEarliestHeight(store: StateStore): Promise<number | undefined> {
  const from = indexKeyOf('height');
  const [first] = await store.readIndexRange({ from, to: prefixEnd(from), limit: 1 });
  return first === undefined ? undefined : heightAt(first.key, 1);
}

/** The first records of a chunk, which an entry has pointed at. Errors: `INDEX_ENTRY_MISSING`. */
export function readRecordChunk(store: StateStore, height: number, chunk: number, count: number = chunkItems): readonly LedgerRecord[] {
  const value = store.readIndex(indexKeyOf('records', heightPart(height), chunkPart(chunk)));
  if (value === undefined) throw missing('records', height);
  return decodeRecordChunk(value, height, count);
}

function readReceiptChunk(store: StateStore, height: number, chunk: number): readonly Receipt[] {
  const value = store.readIndex(indexKeyOf('receipts', heightPart(height), chunkPart(chunk)));
  if (value === undefined) throw missing('receipts', height);
  return decodeReceiptChunk(value);
}

function readCounts(store: StateStore, height: number): BlockCounts | undefined {
  const value = store.readIndex(indexKeyOf('height', heightPart(height)));
  return value === undefined ? undefined : decodeBlockCounts(value);
}

function missing(what: 'receipts' | 'records', height: number): Error {
  const remedy = 'stop the node, move the directory away and let it be filled again from other nodes or a backup';
  return nodeError('INDEX_ENTRY_MISSING', `${what} of height ${height} are missing although they were written: ${remedy}`, {
    what,
    height,
  });
}
