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

function addPointers(entries: IndexEntry[], at: Uint8Array, records: readonly LedgerRecord[]): void {
  const accounts = new Pointers();
  const assets = new Map<string, PositionRuns>();
  const lots = new Pointers();
  for (let position = 0; position < records.length; position++) {
    const { asset, from, to, lot, txId } = (records[position] as LedgerRecord).transaction;
    accounts.add(from, position);
    accounts.add(to, position);
    if (lot !== (txId as Uint8Array) && !equalBytes(lot, txId)) lots.add(lot, position);
    const known = assets.get(asset);
    if (known === undefined) assets.set(asset, [position, 1]);
    else addPosition(known, position);
  }
  for (const [part, runs] of accounts) entries.push({ key: indexKeyOf('recordsOfAccount', part, at), value: encodeRuns(runs) });
  for (const [asset, runs] of assets)
    entries.push({ key: indexKeyOf('recordsOfAsset', paddedAssetPart(asset), at), value: encodeRuns(runs) });
  for (const [part, runs] of lots) entries.push({ key: indexKeyOf('recordsOfLot', part, at), value: encodeRuns(runs) });
}

/** Where the records of a block stand that concern each account, or each lot. */
class Pointers {
  readonly #runs = new Map<string, { readonly part: Uint8Array; readonly runs: PositionRuns }>();
  /** By the very object that named it: the records of a transfer name the same two. */
  readonly #recent = new Map<Uint8Array, PositionRuns>();

  /** Adds a record that concerns it. */
  add(part: Uint8Array, position: number): void {
    const recent = this.#recent.get(part);
    if (recent !== undefined) {
      addPosition(recent, position);
      return;
    }
    const name = latin1(part);
    const known = this.#runs.get(name)?.runs;
    const runs = known ?? [];
    if (known === undefined) this.#runs.set(name, { part, runs });
    this.#recent.set(part, runs);
    addPosition(runs, position);
  }

  *[Symbol.iterator](): Iterator<readonly [part: Uint8Array, runs: PositionRuns]> {
    for (const { part, runs } of this.#runs.values()) yield [part, runs];
  }
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}
