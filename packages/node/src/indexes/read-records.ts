import { equalBytes, type LedgerRecord, type LotId, type TransactionId } from '@mutual-chain/protocol';
import type { StateStore } from '../storage/state-store.ts';
import {
  chunkAt,
  chunkPart,
  HEIGHT_BYTES,
  heightAt,
  heightPart,
  indexKeyOf,
  joined,
  keyAfter,
  paddedAssetPart,
  prefixEnd,
} from './index-key.ts';
import { INDEX_FORM } from './limits.ts';
import { decodeRuns, type PositionRuns, positionsOf } from './position-runs.ts';
import type { IndexReader, ListPage, ListPart, RecordPosition, RecordSelection } from './queries.ts';
import { readReceipt, readRecordChunk, readTransactionPlace } from './read-receipts.ts';
import { decodeRecordChunk } from './record-chunk.ts';
import { Turns } from './turns.ts';

const { chunkItems } = INDEX_FORM;

/** Records that may fit a selection, side by side in one chunk, in order. */
type Candidates = { readonly height: number; readonly firstPosition: number; readonly records: readonly LedgerRecord[] };

/** What the search for records yields: candidates, or at its end where it is to be taken up again. */
type Found = Candidates | { readonly next: RecordPosition };

/** A page of the records that fit a selection. */
export async function readRecords(
  reader: IndexReader,
  selection: RecordSelection,
  { from, limit }: ListPage<RecordPosition>,
): Promise<ListPart<LedgerRecord, RecordPosition>> {
  const toHeight = Math.min(selection.toHeight ?? Number.MAX_SAFE_INTEGER, reader.store.tip?.height ?? -1);
  const start = startOf(selection, from);
  if (start.height > toHeight) return { items: [], next: undefined };
  const items: LedgerRecord[] = [];
  for await (const found of candidatesOf(reader, selection, start, toHeight)) {
    if ('next' in found) return { items, next: found.next };
    const { height, firstPosition, records } = found;
    for (const [index, record] of records.entries()) {
      if (!fits(record, selection)) continue;
      if (items.length === limit) return { items, next: { height, position: firstPosition + index } };
      items.push(record);
    }
  }
  return { items, next: undefined };
}

/** The first position that a page looks at. */
function startOf({ fromHeight = 0 }: RecordSelection, from: RecordPosition | undefined): RecordPosition {
  return from === undefined || from.height < fromHeight ? { height: fromHeight, position: 0 } : from;
}

function fits({ transaction }: LedgerRecord, { lot, account, asset }: RecordSelection): boolean {
  return (
    (lot === undefined || equalBytes(transaction.lot, lot)) &&
    (account === undefined || equalBytes(transaction.from, account) || equalBytes(transaction.to, account)) &&
    (asset === undefined || transaction.asset === asset)
  );
}

/** By the narrowest index there is for a selection. */
function candidatesOf(
  reader: IndexReader,
  { lot, account, asset }: RecordSelection,
  start: RecordPosition,
  toHeight: number,
): AsyncGenerator<Found> {
  if (lot !== undefined) return pointedAt(reader, indexKeyOf('recordsOfLot', lot), ownRecordsOf(reader.store, lot), start, toHeight);
  if (account !== undefined) return pointedAt(reader, indexKeyOf('recordsOfAccount', account), undefined, start, toHeight);
  if (asset !== undefined) return pointedAt(reader, indexKeyOf('recordsOfAsset', paddedAssetPart(asset)), undefined, start, toHeight);
  return allRecords(reader, start, toHeight);
}

/** Where records stand in a block. */
type Pointer = { readonly height: number; readonly runs: PositionRuns };

/** The records of the transaction whose id a lot has: no other entry points at them. */
function ownRecordsOf(store: StateStore, lot: LotId): Pointer | undefined {
  const place = readTransactionPlace(store, lot as Uint8Array as TransactionId);
  const found = place === undefined ? undefined : readReceipt(store, place);
  if (place === undefined || found === undefined || found.receipt.records === 0) return undefined;
  return { height: place.height, runs: [found.receipt.firstRecord, found.receipt.records] };
}

async function* pointedAt(
  reader: IndexReader,
  prefix: Uint8Array,
  own: Pointer | undefined,
  start: RecordPosition,
  toHeight: number,
): AsyncGenerator<Found> {
  const { store, limits } = reader;
  const { pageChunksMax } = limits;
  const turns = new Turns(limits.turnReads);
  let chunks = 0;
  for await (const { height, runs } of withOwn(pointers(reader, prefix, start.height, toHeight), own, start.height, toHeight)) {
    let known: { readonly chunk: number; readonly records: readonly LedgerRecord[] } | undefined;
    for (const position of positionsOf(runs, height === start.height ? start.position : 0)) {
      const chunk = Math.floor(position / chunkItems);
      if (known?.chunk !== chunk) {
        if (chunks === pageChunksMax) {
          yield { next: { height, position } };
          return;
        }
        chunks += 1;
        await turns.read();
        known = { chunk, records: readRecordChunk(store, height, chunk) };
      }
      yield { height, firstPosition: position, records: known.records.slice(position % chunkItems, (position % chunkItems) + 1) };
    }
  }
}

/** Pointers of an index in the order of heights. */
async function* pointers(
  { store, limits: { readEntries } }: IndexReader,
  prefix: Uint8Array,
  fromHeight: number,
  toHeight: number,
): AsyncGenerator<Pointer> {
  const to = keyAfter(joined(prefix, heightPart(toHeight)));
  let from = joined(prefix, heightPart(fromHeight));
  for (;;) {
    const entries = await store.readIndexRange({ from, to, limit: readEntries });
    for (const { key, value } of entries) yield { height: heightAt(key, prefix.length), runs: decodeRuns(value) };
    const last = entries.at(-1);
    if (last === undefined || entries.length < readEntries) return;
    from = keyAfter(last.key);
  }
}

/** Puts one more pointer in its place. */
async function* withOwn(
  others: AsyncGenerator<Pointer>,
  own: Pointer | undefined,
  fromHeight: number,
  toHeight: number,
): AsyncGenerator<Pointer> {
  let waiting = own !== undefined && own.height >= fromHeight && own.height <= toHeight ? own : undefined;
  for await (const other of others) {
    if (waiting !== undefined && waiting.height <= other.height) {
      const isSame = waiting.height === other.height;
      yield isSame ? { height: other.height, runs: inOrder(waiting.runs, other.runs) } : waiting;
      waiting = undefined;
      if (isSame) continue;
    }
    yield other;
  }
  if (waiting !== undefined) yield waiting;
}

/** The runs of two lists that have no position in common. */
function inOrder(left: PositionRuns, right: PositionRuns): PositionRuns {
  const all: (readonly [start: number, length: number])[] = [];
  for (const runs of [left, right]) {
    for (let index = 0; index < runs.length; index += 2) all.push([runs[index] as number, runs[index + 1] as number]);
  }
  return all.sort(([one], [other]) => one - other).flat();
}

async function* allRecords(
  { store, limits: { pageChunksMax, turnReads } }: IndexReader,
  start: RecordPosition,
  toHeight: number,
): AsyncGenerator<Found> {
  const turns = new Turns(1);
  const to = prefixEnd(indexKeyOf('records', heightPart(toHeight)));
  let from = indexKeyOf('records', heightPart(start.height), chunkPart(Math.floor(start.position / chunkItems)));
  for (let chunks = 0; ; ) {
    await turns.read();
    const entries = await store.readIndexRange({ from, to, limit: turnReads });
    for (const { key, value } of entries) {
      const height = heightAt(key, 1);
      const first = chunkAt(key, 1 + HEIGHT_BYTES) * chunkItems;
      if (chunks === pageChunksMax) {
        yield { next: { height, position: first } };
        return;
      }
      chunks += 1;
      const skipped = height === start.height ? Math.max(0, start.position - first) : 0;
      yield { height, firstPosition: first + skipped, records: decodeRecordChunk(value, height).slice(skipped) };
    }
    const last = entries.at(-1);
    if (last === undefined || entries.length < turnReads) return;
    from = keyAfter(last.key);
  }
}
