import { equalBytes, headerCodec, type LedgerRecord } from '@mutual-chain/protocol';
import type { CommittedBlock } from '../chain/ledger-chain.ts';
import type { IndexEntry } from '../storage/state-store.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { chunkPart, heightPart, indexKeyOf, paddedAssetPart } from './index-key.ts';
import { INDEX_FORM } from './limits.ts';
import { addPosition, encodeRuns, type PositionRuns } from './position-runs.ts';
import type { TransactionPlace } from './queries.ts';
import { encodeReceiptChunk } from './receipt-chunk.ts';
import { encodeRecordChunk } from './record-chunk.ts';

/** How much a block has. */
export type BlockCounts = { readonly transactions: number; readonly records: number };

const writer = new ByteWriter();

/** Value of two counts. */
function encodeCounts(first: number, second: number): Uint8Array {
  writer.count(first);
  writer.count(second);
  return writer.take();
}

/** Reads how much a block has. */
export function decodeBlockCounts(bytes: Uint8Array): BlockCounts {
  const reader = new ByteReader(bytes);
  return { transactions: reader.count(), records: reader.count() };
}

/** Reads where a transaction stands. */
export function decodeTransactionPlace(bytes: Uint8Array): TransactionPlace {
  const reader = new ByteReader(bytes);
  return { height: reader.count(), index: reader.count() };
}

/** Adds the entries of a block's transactions, receipts and records: written once and never changed. */
export function addBlockEntries(entries: IndexEntry[], { header, transactions, receipts, records }: CommittedBlock): void {
  const { height } = header;
  const at = heightPart(height);
  const { chunkItems } = INDEX_FORM;
  if (height === 0) entries.push({ key: indexKeyOf('genesisHeader'), value: headerCodec.encode(header) });
  entries.push({ key: indexKeyOf('height', at), value: encodeCounts(transactions.length, records.length) });
  for (let from = 0, chunk = 0; from < receipts.length; from += chunkItems, chunk++) {
    const value = encodeReceiptChunk(receipts.slice(from, from + chunkItems));
    entries.push({ key: indexKeyOf('receipts', at, chunkPart(chunk)), value });
  }
  for (let from = 0, chunk = 0; from < records.length; from += chunkItems, chunk++) {
    const value = encodeRecordChunk(records.slice(from, from + chunkItems));
    entries.push({ key: indexKeyOf('records', at, chunkPart(chunk)), value });
  }
  for (const [index, { id }] of transactions.entries()) {
    entries.push({ key: indexKeyOf('transaction', id), value: encodeCounts(height, index) });
  }
  addPointers(entries, at, records);
}

/** Where the records of a block stand that concern something. */
type Pointers = Map<string, { readonly part: Uint8Array; readonly runs: PositionRuns }>;

function addPointers(entries: IndexEntry[], at: Uint8Array, records: readonly LedgerRecord[]): void {
  const accounts: Pointers = new Map();
  const assets: Pointers = new Map();
  const lots: Pointers = new Map();
  for (const [position, { transaction }] of records.entries()) {
    const { asset, from, to, lot, txId } = transaction;
    addPosition(runsOf(accounts, latin1(from), from), position);
    addPosition(runsOf(accounts, latin1(to), to), position);
    if (!equalBytes(lot, txId)) addPosition(runsOf(lots, latin1(lot), lot), position);
    const known = assets.get(asset);
    if (known === undefined) assets.set(asset, { part: paddedAssetPart(asset), runs: [position, 1] });
    else addPosition(known.runs, position);
  }
  for (const { part, runs } of accounts.values()) entries.push({ key: indexKeyOf('recordsOfAccount', part, at), value: encodeRuns(runs) });
  for (const { part, runs } of assets.values()) entries.push({ key: indexKeyOf('recordsOfAsset', part, at), value: encodeRuns(runs) });
  for (const { part, runs } of lots.values()) entries.push({ key: indexKeyOf('recordsOfLot', part, at), value: encodeRuns(runs) });
}

function runsOf(pointers: Pointers, name: string, part: Uint8Array): PositionRuns {
  const known = pointers.get(name);
  if (known !== undefined) return known.runs;
  const runs: PositionRuns = [];
  pointers.set(name, { part, runs });
  return runs;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}
