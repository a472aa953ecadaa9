// Goal: whatever is asked of the indexes is answered as if all of the chain had been looked at, page by page, whatever the store.
// Method: a chain of every operation that the ledger has, chosen by dice, and beside it a model that keeps and scans everything.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ChainIndexes,
  createChainIndexes,
  type DebtSelection,
  INDEX_FORM,
  type IndexReadLimits,
  LevelStateStore,
  type ListPage,
  type LotSelection,
  MemoryStateStore,
  type RecordPosition,
  type RecordSelection,
  type StateStore,
  type StoreTip,
} from '@mutual-chain/node';
import {
  type Address,
  decodeHex,
  encodeHex,
  type LedgerRecord,
  type LotId,
  parametersHash,
  STATE_NAMESPACES,
  STATES,
  type TransactionId,
  validatorsHash,
} from '@mutual-chain/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { heightAt, INDEX_KINDS } from '../../src/indexes/index-key.ts';
import { addressOf, ChainOfEverything, cryptography, genesis, genesisHash } from './chain-of-everything.ts';
import { expectedDebts, expectedLots, expectedRecords, readPages } from './model.ts';

/** More than the interval at which the set of validators is kept whatever happens. */
const HEIGHTS = INDEX_FORM.validatorIntervalHeights + 20;
const RUNS = 60;

/** So small that every page of some length ends before it is full. */
const TIGHT: IndexReadLimits = { pageEntriesMax: 5, pageChunksMax: 2, readEntries: 3, turnReads: 2 };

const UNKNOWN = new Uint8Array(32).fill(0xee);
const NOBODY = new Uint8Array(20) as Address;
const ASSETS = ['mUSD', 'mBOND', 'mBTC', 'MTN', 'mNEW', 'none'];
const ACCOUNTS = [...['alice', 'bob', 'carol', 'dave', 'newcomer', 'operator1', 'treasury', 'nobody'].map(addressOf), NOBODY];

const directory = mkdtempSync(join(tmpdir(), 'indexes-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const openLevel = (): StateStore => new LevelStateStore({ directory, identity: { chainId: genesis.chainId, genesisHash }, cryptography });

/** The same store with another tip. */
function withTip(store: StateStore, tip: StoreTip): StateStore {
  return {
    ...{
      tip,
      view: store.view,
      start: () => store.start(),
      stop: () => store.stop(),
      commitHeight: (commit) => store.commitHeight(commit),
    },
    ...{ readBlock: (height) => store.readBlock(height), readCertificate: (height) => store.readCertificate(height) },
    ...{ heightOf: (hash) => store.heightOf(hash), stateEntries: () => store.stateEntries() },
    ...{ readIndex: (key) => store.readIndex(key), readIndexRange: (range) => store.readIndexRange(range) },
  };
}

describe.each([
  { name: 'in memory', create: (): StateStore => new MemoryStateStore({ cryptography }), reopen: undefined },
  { name: 'on LevelDB', create: openLevel, reopen: openLevel },
])('indexes in a store $name', ({ create, reopen }) => {
  let store: StateStore;
  let chain: ChainOfEverything;
  let indexes: ChainIndexes;
  let tight: ChainIndexes;

  beforeAll(async () => {
    store = create();
    await store.start();
    chain = new ChainOfEverything({ store, indexes: createChainIndexes({ store }), seed: 5 });
    await chain.grow(HEIGHTS);
    if (reopen !== undefined) {
      // What is read below has survived the process that wrote it.
      await store.stop();
      store = reopen();
      await store.start();
    }
    indexes = createChainIndexes({ store });
    tight = createChainIndexes({ store, limits: TIGHT });
  });
  afterAll(() => store.stop());

  const limits = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
  const account = fc.constantFrom(...ACCOUNTS);
  const asset = fc.constantFrom(...ASSETS);
  const height = fc.integer({ min: 0, max: HEIGHTS + 3 });

  test('the chain has what there is to be asked for', () => {
    expect(chain.blocks).toHaveLength(HEIGHTS + 1);
    const isOpenedAndAnswered = ({ records }: { readonly records: readonly LedgerRecord[] }): boolean =>
      records.some(({ transaction: one }) =>
        records.some(({ transaction: other }) => encodeHex(one.lot) === encodeHex(other.lot) && other.index > one.index),
      );
    expect(chain.blocks.some(isOpenedAndAnswered)).toBe(true);
    expect(new Set(chain.lots.map(({ lot }) => lot.state))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
    expect(chain.blocks.some(({ records }) => records.length > INDEX_FORM.chunkItems)).toBe(true);
    expect(chain.debts.length).toBeGreaterThan(5);
    expect(new Set(chain.blocks.map(({ header }) => String(header.parametersHash))).size).toBeGreaterThan(2);
    const changes = [...chain.entries.keys()].filter((key) => key.charCodeAt(0) === STATE_NAMESPACES.validatorHistory);
    expect(changes.length).toBeGreaterThan(2);
  });

  test('every transaction is found with its receipt and records', () => {
    for (const block of chain.blocks) {
      const { header, transactions, receipts, records } = block;
      expect(indexes.receipts(header.height)).toEqual(receipts);
      for (const [index, { id }] of transactions.entries()) {
        const place = { height: header.height, index };
        const receipt = receipts[index];
        const end = (receipt?.firstRecord ?? 0) + (receipt?.records ?? 0);
        expect(indexes.isCommitted(id)).toBe(true);
        expect(indexes.transactionPlace(id)).toEqual(place);
        expect(indexes.receipt(place)).toEqual({ receipt, records: records.slice(receipt?.firstRecord, end) });
      }
      expect(indexes.receipt({ height: header.height, index: transactions.length })).toBeUndefined();
    }
  });

  test('what is not there is not found', async () => {
    expect(indexes.isCommitted(UNKNOWN as TransactionId)).toBe(false);
    expect(indexes.transactionPlace(UNKNOWN as TransactionId)).toBeUndefined();
    expect(indexes.receipt({ height: HEIGHTS + 1, index: 0 })).toBeUndefined();
    expect(indexes.receipts(HEIGHTS + 1)).toBeUndefined();
    expect(await indexes.records({ lot: UNKNOWN as LotId }, { limit: 9 })).toEqual({ items: [], next: undefined });
    expect(await indexes.records({ fromHeight: HEIGHTS + 1 }, { limit: 9 })).toEqual({ items: [], next: undefined });
    expect(indexes.assetsOf(addressOf('nobody'))).toEqual([]);
    expect(await indexes.earliestHeight()).toBe(0);
    expect(indexes.genesisHeader()).toEqual(chain.blocks[0]?.header);
  });

  test('pages of records, however long, are the records that fit, in order, each once', async () => {
    const lots = chain.records.map(({ transaction }) => transaction.lot);
    const lot = fc.nat({ max: lots.length - 1 }).map((index) => lots[index] as LotId);
    const selection: fc.Arbitrary<RecordSelection> = fc.record(
      { lot, account, asset, fromHeight: height, toHeight: height },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(selection, limits, fc.boolean(), async (wanted, lengths, isTight) => {
        const read = await readPages((page: ListPage<RecordPosition>) => (isTight ? tight : indexes).records(wanted, page), lengths);
        expect(read).toEqual(expectedRecords(chain, wanted));
      }),
      { numRuns: RUNS },
    );
    expect(await readPages((page: ListPage<RecordPosition>) => tight.records({}, page), [1000])).toEqual(expectedRecords(chain, {}));
  });

  test('the records of every lot are found by its id alone', async () => {
    const byLot = new Map<string, LedgerRecord[]>();
    for (const record of chain.records) {
      const name = encodeHex(record.transaction.lot);
      byLot.set(name, [...(byLot.get(name) ?? []), record]);
    }
    for (const [lot, records] of byLot) {
      const wanted = { lot: decodeHex(lot) as LotId };
      expect((await indexes.records(wanted, { limit: 1000 })).items).toEqual(records);
      if (records.length < 3) continue;
      expect(await readPages((page: ListPage<RecordPosition>) => tight.records(wanted, page), [1])).toEqual(records);
      const fromHeight = records.at(-1)?.transaction.height ?? 0;
      const last = records.filter(({ transaction }) => transaction.height === fromHeight);
      expect((await indexes.records({ ...wanted, fromHeight }, { limit: 1000 })).items).toEqual(last);
    }
  });

  test('pages of lots, however long, are the lots that fit, in order, each once', async () => {
    const selection: fc.Arbitrary<LotSelection> = fc.record(
      { owner: account, counterparty: account, asset, state: fc.constantFrom(...STATES) },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(selection, limits, fc.boolean(), async (wanted, lengths, isTight) => {
        const read = await readPages((page: ListPage<Uint8Array>) => (isTight ? tight : indexes).lots(wanted, page), lengths);
        // A deposit has nobody on the other side, and is in no such list.
        const isNobody = wanted.owner === undefined && String(wanted.counterparty) === String(NOBODY);
        expect(read).toEqual(isNobody ? [] : expectedLots(chain, wanted));
      }),
      { numRuns: RUNS },
    );
    for (const wanted of [{}, ...STATES.map((state) => ({ state })), ...ASSETS.map((each) => ({ asset: each }))]) {
      for (const read of [indexes, tight]) {
        expect(await readPages((page: ListPage<Uint8Array>) => read.lots(wanted, page), [7])).toEqual(expectedLots(chain, wanted));
      }
    }
  });

  test('pages of debts, however long, are the debts that fit, in order, each once', async () => {
    const selection: fc.Arbitrary<DebtSelection> = fc.record({ lender: account, borrower: account }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(selection, limits, fc.boolean(), async (wanted, lengths, isTight) => {
        const read = await readPages((page: ListPage<Uint8Array>) => (isTight ? tight : indexes).debts(wanted, page), lengths);
        expect(read).toEqual(expectedDebts(chain, wanted));
      }),
      { numRuns: RUNS },
    );
  });

  test('assets are listed, and those of each owner', async () => {
    for (const lengths of [[1], [2, 3], [1000]]) {
      expect(await readPages((page: ListPage<string>) => indexes.assets(page), lengths)).toEqual(chain.assets);
      expect(await readPages((page: ListPage<string>) => tight.assets(page), lengths)).toEqual(chain.assets);
    }
    for (const owner of ACCOUNTS) {
      expect(indexes.assetsOf(owner)).toEqual(chain.assetsOf(owner));
    }
  });

  test('the set of validators is kept where it changes and at every interval, and nowhere else', async () => {
    const from = Uint8Array.of(INDEX_KINDS.validators);
    const entries = await store.readIndexRange({ from, to: Uint8Array.of(INDEX_KINDS.validators + 1), limit: 10_000 });
    const heights = entries.map(({ key }) => heightAt(key, 1));
    expect(heights).toContain(INDEX_FORM.validatorIntervalHeights);
    expect(heights.length).toBeLessThan(HEIGHTS / 4);
  });

  test('nothing is told of a block before the store counts it as committed', async () => {
    const tip = store.tip;
    const last = chain.blocks.findLast(({ transactions }) => transactions.length > 0);
    if (tip === undefined || last === undefined) throw new Error('the chain has transactions');
    const { height } = last.header;
    for (const [name, isCommitted, items] of [
      ['behind', false, []],
      ['at it', true, last.records],
    ] as const) {
      const read = createChainIndexes({ store: name === 'behind' ? withTip(store, { ...tip, height: height - 1 }) : store });
      expect(last.transactions.map(({ id }) => read.isCommitted(id))).toEqual(last.transactions.map(() => isCommitted));
      expect((await read.records({ fromHeight: height, toHeight: height }, { limit: 1000 })).items).toEqual(items);
    }
  });

  test('validators and parameters of every height are those that its header commits to', async () => {
    for (const { header } of chain.blocks) {
      const set = await indexes.validators(header.height);
      const parameters = await indexes.parameters(header.height);
      if (set === undefined || parameters === undefined) throw new Error(`height ${header.height} has none`);
      expect(validatorsHash(cryptography, set)).toEqual(header.validatorsHash);
      expect(parametersHash(cryptography, parameters)).toEqual(header.parametersHash);
    }
  });
});
