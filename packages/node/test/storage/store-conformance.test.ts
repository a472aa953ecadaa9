import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BlockHash, type GenesisHash, InvariantError, referenceCryptography } from '@mutual-chain/protocol';
import { type StateEntry, type StateKey, stateKeyFromBytes } from '@mutual-chain/state-machine';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LevelStateStore } from '../../src/storage/level-state-store.ts';
import { MemoryStateStore } from '../../src/storage/memory-state-store.ts';
import type { IndexEntry, StateStore } from '../../src/storage/state-store.ts';

/* Goal: both stores behave alike, so that what is shown on the one holds on the other. Method: one suite, run on each. */

const cryptography = referenceCryptography;
const identity = { chainId: 7, genesisHash: new Uint8Array(32).fill(1) as GenesisHash };
const key = (...bytes: number[]): StateKey => stateKeyFromBytes(Uint8Array.from(bytes));
const value = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const hashOf = (height: number): BlockHash => new Uint8Array(32).fill(100 + height) as BlockHash;

async function entriesOf(store: StateStore): Promise<StateEntry[]> {
  const entries: StateEntry[] = [];
  for await (const entry of store.stateEntries()) entries.push(entry);
  return entries;
}

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'store-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const stores = [
  { name: 'in memory', create: (): StateStore => new MemoryStateStore({ cryptography }) },
  { name: 'on LevelDB', create: (): StateStore => new LevelStateStore({ directory: join(directory, 'db'), identity, cryptography }) },
] as const;

describe.each(stores)('a store $name', ({ create }) => {
  let store: StateStore;

  beforeEach(async () => {
    store = create();
    await store.start();
  });

  afterEach(async () => {
    await store.stop();
  });

  const commit = (height: number, changes: Parameters<StateStore['view']['preview']>[0]) =>
    store.commitHeight({ height, blockHash: hashOf(height), preview: store.view.preview(changes), block: value(height, height) });

  test('has no tip and no entries before genesis', async () => {
    expect(store.tip).toBeUndefined();
    expect(store.view.get(key(1, 1))).toBeUndefined();
    expect(await entriesOf(store)).toEqual([]);
  });

  test('shows what was committed, and only that', async () => {
    const preview = store.view.preview([{ key: key(1, 1), value: value(5) }]);
    expect(store.view.get(key(1, 1))).toBeUndefined();
    await store.commitHeight({ height: 0, blockHash: hashOf(0), preview, block: value() });
    expect(store.view.get(key(1, 1))).toEqual(value(5));
    expect(store.tip).toEqual({ height: 0, blockHash: hashOf(0), stateRoot: preview.stateRoot });
    await commit(1, [
      { key: key(1, 1), value: undefined },
      { key: key(1, 2), value: value(6) },
    ]);
    expect([store.view.get(key(1, 1)), store.view.get(key(1, 2))]).toEqual([undefined, value(6)]);
    expect(await entriesOf(store)).toEqual([{ key: key(1, 2), value: value(6) }]);
  });

  test('finds blocks, certificates and indexes of each height', async () => {
    await commit(0, []);
    await store.commitHeight({
      height: 1,
      blockHash: hashOf(1),
      preview: store.view.preview([]),
      block: value(9, 9),
      certificate: value(8),
      indexes: [{ key: value(3), value: value(4) }],
    });
    expect([store.readBlock(1), store.readCertificate(1), store.heightOf(hashOf(1)), store.readIndex(value(3))]).toEqual([
      value(9, 9),
      value(8),
      1,
      value(4),
    ]);
    expect([store.readBlock(2), store.readCertificate(0), store.heightOf(hashOf(2)), store.readIndex(value(4))]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    await store.commitHeight({
      height: 2,
      blockHash: hashOf(2),
      preview: store.view.preview([]),
      block: value(1),
      indexes: [{ key: value(3), value: undefined }],
    });
    expect(store.readIndex(value(3))).toBeUndefined();
  });

  test.each([
    { what: 'all', range: { from: [], to: [255], limit: 9 }, keys: [[3], [3, 0], [3, 1], [3, 255], [4], [200]] },
    {
      what: 'from the first up to but not the second',
      range: { from: [3, 0], to: [4], limit: 9 },
      keys: [
        [3, 0],
        [3, 1],
        [3, 255],
      ],
    },
    { what: 'no more than the limit', range: { from: [3], to: [255], limit: 2 }, keys: [[3], [3, 0]] },
    { what: 'backwards from the end', range: { from: [3], to: [200], limit: 3, reverse: true }, keys: [[4], [3, 255], [3, 1]] },
    {
      what: 'backwards down to the first',
      range: { from: [3, 1], to: [4], limit: 9, reverse: true },
      keys: [
        [3, 255],
        [3, 1],
      ],
    },
    { what: 'nothing between keys', range: { from: [3, 2], to: [3, 9], limit: 9 }, keys: [] },
    { what: 'nothing where the end comes first', range: { from: [4], to: [3], limit: 9 }, keys: [] },
    { what: 'nothing backwards where the end comes first', range: { from: [4], to: [3], limit: 9, reverse: true }, keys: [] },
  ])('reads a range of index entries in byte order: $what', async ({ range, keys }) => {
    const written = [[200], [3, 255], [3], [9], [4], [3, 1], [3, 0]];
    const commitIndexes = (height: number, indexes: readonly IndexEntry[]) =>
      store.commitHeight({ height, blockHash: hashOf(height), preview: store.view.preview([]), block: value(1), indexes });
    await commitIndexes(
      0,
      written.map((bytes) => ({ key: value(...bytes), value: value(1, ...bytes) })),
    );
    expect(await store.readIndexRange({ from: value(9), to: value(10), limit: 1 })).toEqual([{ key: value(9), value: value(1, 9) }]);
    await commitIndexes(1, [
      { key: value(9), value: undefined },
      { key: value(4), value: value(2, 4) },
    ]);
    const rows = await store.readIndexRange({ ...range, from: value(...range.from), to: value(...range.to) });
    expect(rows.map(({ key: found, value: content }) => [[...found], [...content]])).toEqual(
      keys.map((bytes) => [bytes, bytes[0] === 4 ? [2, 4] : [1, ...bytes]]),
    );
  });

  test('yields scheduled keys in order', async () => {
    await commit(0, [
      { key: key(8, 0, 3), value: value(1) },
      { key: key(8, 0, 1), value: value(1) },
      { key: key(8, 0, 2), value: value(1) },
    ]);
    await commit(1, [{ key: key(8, 0, 2), value: undefined }]);
    expect(store.view.nextKey(key(8), key(8, 255))).toBe(key(8, 0, 1));
    expect(store.view.nextKey(key(8, 0, 1), key(8, 255))).toBe(key(8, 0, 3));
    expect(store.view.nextKey(key(8, 0, 3), key(8, 255))).toBeUndefined();
  });

  test('knows no key that is not made of bytes, not even one whose lower halves are those of an entry', async () => {
    await commit(0, [{ key: key(1, 1), value: value(5) }]);
    const other = '\u0101\u0101' as StateKey;
    for (const changed of [value(6), undefined]) {
      expect(() => store.view.preview([{ key: other, value: changed }])).toThrow(InvariantError);
    }
    expect(() => store.view.get(other)).toThrow(InvariantError);
    expect(store.view.get(key(1, 1))).toEqual(value(5));
    expect(() => store.view.get(other)).toThrow(InvariantError);
    await commit(1, [{ key: key(1, 1), value: value(7) }]);
    expect(await entriesOf(store)).toEqual([{ key: key(1, 1), value: value(7) }]);
  });

  test('has the same root whatever the order and the store', async () => {
    const entries = [
      { key: key(1, 1), value: value(1) },
      { key: key(1, 2), value: value(2) },
      { key: key(1, 3), value: value(3) },
    ];
    await commit(0, entries);
    const other = new MemoryStateStore({ cryptography });
    expect(store.tip?.stateRoot).toEqual(other.view.preview([...entries].reverse()).stateRoot);
  });

  test('refuses a height that does not follow', async () => {
    await commit(0, []);
    await expect(commit(2, [])).rejects.toMatchObject({ code: 'STORAGE_HEIGHT_WRONG', details: { height: 2, expected: 1 } });
    await expect(commit(0, [])).rejects.toMatchObject({ code: 'STORAGE_HEIGHT_WRONG' });
  });
});

describe('a store on LevelDB', () => {
  const open = (change: Partial<ConstructorParameters<typeof LevelStateStore>[0]> = {}): LevelStateStore =>
    new LevelStateStore({ directory, identity, cryptography, ...change });

  async function withHeights(count: number, entriesEach = 3): Promise<void> {
    const store = open();
    await store.start();
    for (let height = 0; height < count; height++) {
      const changes = Array.from({ length: entriesEach }, (_, index) => ({ key: key(1, height, index), value: value(height, index, 7) }));
      await store.commitHeight({ height, blockHash: hashOf(height), preview: store.view.preview(changes), block: value(height) });
    }
    await store.stop();
  }

  test('is the same after it was closed and opened again', async () => {
    await withHeights(3);
    const store = open({ cacheEntriesMax: 2 });
    await store.start();
    expect(store.tip?.height).toBe(2);
    expect([store.view.get(key(1, 0, 0)), store.view.get(key(1, 2, 2)), store.view.get(key(1, 9, 9))]).toEqual([
      value(0, 0, 7),
      value(2, 2, 7),
      undefined,
    ]);
    expect(store.readBlock(1)).toEqual(value(1));
    await store.stop();
  });

  test('is not opened twice, and says so', async () => {
    const store = open();
    await store.start();
    await expect(open().start()).rejects.toMatchObject({ code: 'STORAGE_LOCKED', details: { path: directory } });
    await store.stop();
  });

  test('is not opened for another chain', async () => {
    await withHeights(1);
    const other = { chainId: 8, genesisHash: identity.genesisHash };
    await expect(open({ identity: other }).start()).rejects.toMatchObject({ code: 'STORAGE_OTHER_CHAIN' });
    const fork = { chainId: 7, genesisHash: new Uint8Array(32).fill(2) as GenesisHash };
    await expect(open({ identity: fork }).start()).rejects.toMatchObject({ code: 'STORAGE_OTHER_CHAIN' });
  });

  test.each(['/dev/null/store', '/proc/store', '/proc/store/below'])('is refused in %s, where no directory can be made', async (path) => {
    await expect(open({ directory: path }).start()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE', details: { path } });
  });

  test('makes all directories on its way', async () => {
    const store = open({ directory: join(directory, 'a', 'b', 'c') });
    await store.start();
    await store.stop();
    expect(existsSync(join(directory, 'a', 'b', 'c', 'CURRENT'))).toBe(true);
  });
});
