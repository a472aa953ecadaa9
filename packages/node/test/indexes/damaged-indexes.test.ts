// Goal: what a disk does to the indexes is found out: by whoever reads the entry, or by the comparison with what the blocks make, which names it.
// Method: entries on the disk are changed, taken away and added behind the back of the store, with and without good checksums.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareIndexes, createChainIndexes, type IndexDifference, LevelStateStore, MemoryStateStore } from '@mutual-chain/node';
import { encodeHex } from '@mutual-chain/protocol';
import { ClassicLevel } from 'classic-level';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { INDEX_KINDS } from '../../src/indexes/index-key.ts';
import { sealRecord } from '../../src/storage/checksummed-record.ts';
import { indexKey } from '../../src/storage/store-keys.ts';
import { ChainOfEverything, cryptography, genesis, genesisHash } from './chain-of-everything.ts';

const HEIGHTS = 25;

const directory = mkdtempSync(join(tmpdir(), 'indexes-'));
const identity = { chainId: genesis.chainId, genesisHash };
let chain: ChainOfEverything;
/** The same blocks, executed by somebody else. */
const executedAnew = new MemoryStateStore({ cryptography });

const withStore = async <Result>(use: (store: LevelStateStore) => Promise<Result>): Promise<Result> => {
  const store = new LevelStateStore({ directory, identity, cryptography });
  await store.start();
  try {
    return await use(store);
  } finally {
    await store.stop();
  }
};

/** Replaces a record behind the back of the store while something is done, and puts it back. */
async function whileChanged<Result>(key: Uint8Array, value: Uint8Array | undefined, act: () => Promise<Result>): Promise<Result> {
  const replace = async (bytes: Uint8Array | undefined): Promise<Uint8Array | undefined> => {
    const level = new ClassicLevel<Uint8Array, Uint8Array>(directory, { keyEncoding: 'view', valueEncoding: 'view' });
    const before = await level.get(key);
    await (bytes === undefined ? level.del(key) : level.put(key, bytes));
    await level.close();
    return before;
  };
  const before = await replace(value);
  try {
    return await act();
  } finally {
    await replace(before);
  }
}

const verify = (): Promise<IndexDifference | undefined> => withStore((store) => compareIndexes(executedAnew, store));

const readEntry = (key: Uint8Array): Promise<Uint8Array | undefined> => withStore(async (store) => store.readIndex(key));

beforeAll(async () => {
  await withStore(async (store) => {
    chain = new ChainOfEverything({ store, indexes: createChainIndexes({ store }), seed: 1 });
    await chain.grow(HEIGHTS);
  });
  await new ChainOfEverything({ store: executedAnew, indexes: createChainIndexes({ store: executedAnew }), seed: 1 }).grow(HEIGHTS);
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** The height with the most records. */
const busyHeight = (): number => {
  const counts = chain.blocks.map(({ records }) => records.length);
  return counts.indexOf(Math.max(...counts));
};
const chunkKey = (kind: number, height: number): Uint8Array => Uint8Array.of(kind, 0, 0, 0, 0, 0, height, 0, 0);

test('indexes that nobody has touched are what the blocks make them', async () => {
  expect(await verify()).toBeUndefined();
});

test('an entry of any kind that is missing, changed or too many is named', async () => {
  const kinds = new Set<number>();
  const entries = await withStore((store) => store.readIndexRange({ from: Uint8Array.of(0), to: Uint8Array.of(255), limit: 100_000 }));
  for (const { key, value } of entries) {
    const kind = key[0] ?? 0;
    if (kinds.has(kind)) continue;
    kinds.add(kind);
    const name = Object.entries(INDEX_KINDS).find(([, number]) => number === kind)?.[0];
    const added = Uint8Array.of(...key, 0);
    for (const change of [
      { of: key, value: undefined, problem: 'missing' },
      { of: key, value: Uint8Array.of(...value, 1), problem: 'different' },
      { of: added, value, problem: 'unexpected' },
    ]) {
      const stored = indexKey(change.of);
      const record = change.value === undefined ? undefined : sealRecord(stored, change.value);
      const found = await whileChanged(stored, record, verify);
      expect(found).toMatchObject({ in: 'indexes', kind: name, key: encodeHex(change.of), problem: change.problem });
    }
  }
  expect([...kinds].sort((left, right) => left - right)).toEqual(Object.values(INDEX_KINDS));
});

test('a key of no kind is named', async () => {
  const stored = indexKey(Uint8Array.of(0x7f));
  expect(await whileChanged(stored, sealRecord(stored, Uint8Array.of(1)), verify)).toEqual({
    ...{ in: 'indexes', kind: undefined, key: '0x7f', problem: 'unexpected' },
    message: 'the entry of no kind under 0x7f is there although no block makes it',
  });
});

test('a flipped bit is found by whoever reads the entry, and by the comparison', async () => {
  const height = busyHeight();
  const stored = indexKey(chunkKey(INDEX_KINDS.records, height));
  const value = await readEntry(stored.subarray(1));
  const record = sealRecord(stored, value ?? new Uint8Array(0));
  record[7] = (record[7] ?? 0) ^ 0x10;
  const asset = chain.blocks[height]?.records[0]?.transaction.asset;
  await whileChanged(stored, record, async () => {
    await withStore(async (store) => {
      const indexes = createChainIndexes({ store });
      const corrupt = { code: 'STORAGE_RECORD_CORRUPT' };
      await expect(indexes.records({ fromHeight: height }, { limit: 5 })).rejects.toMatchObject(corrupt);
      await expect(indexes.records({ fromHeight: height, ...(asset === undefined ? {} : { asset }) }, { limit: 5 })).rejects.toMatchObject(
        corrupt,
      );
    });
    expect(await verify()).toEqual({ in: 'storage', message: expect.stringMatching(/^the record under key 05.* is damaged: /) });
  });
});

test.each(['records', 'receipts'] as const)('%s that are missing are no empty list', async (kind) => {
  const height = busyHeight();
  const index = chain.blocks[height]?.receipts.findIndex(({ records }) => records > 0) ?? -1;
  await whileChanged(indexKey(chunkKey(INDEX_KINDS[kind], height)), undefined, () =>
    withStore(async (store) => {
      const missing = expect.objectContaining({ code: 'INDEX_ENTRY_MISSING', details: { what: kind, height } });
      expect(() => createChainIndexes({ store }).receipt({ height, index })).toThrow(missing);
    }),
  );
});
