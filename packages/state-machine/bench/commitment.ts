/*
 * The state commitment alone: building a tree and updating random leaves of it, for several sizes.
 *
 * Run: node --conditions=mutual-source packages/state-machine/bench/commitment.ts [leaves, comma separated] [changes] [rounds]
 * Times are those of the executing thread, so that other work on the machine counts as little as possible; wall clock beside them.
 */
import { loadFastCryptography } from '@mutual-chain/protocol/fast';
import { orderLeaves } from '../src/commitment/leaf-batch.ts';
import { LeafHasher } from '../src/commitment/leaf-hasher.ts';
import type { StateTree } from '../src/commitment/state-tree.ts';
import { TreeLoader } from '../src/commitment/tree-loader.ts';
import { type StateKey, stateKeyFromBytes } from '../src/view/state-key.ts';

const SIZES = (process.argv[2] ?? '30000,300000,3000000').split(',').map(Number);
const CHANGES = Number(process.argv[3] ?? 15_000);
const ROUNDS = Number(process.argv[4] ?? 40);
const VALUE_BYTES = 60;
const BATCH = 4096;

const fast = await loadFastCryptography();
const hashing = { ms: 0, count: 0 };
/** The fast cryptography, timed. */
const cryptography = {
  sha256Pairs: (blocks: Uint8Array, digests: Uint8Array): void => {
    const start = threadMs();
    fast.sha256Pairs(blocks, digests);
    hashing.ms += threadMs() - start;
    hashing.count += digests.length / 32;
  },
};

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

let seed = 1;
/** Seeded, so that two runs do the same (mulberry32). */
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return (mixed ^ (mixed >>> 14)) >>> 0;
}

function keyAt(index: number): StateKey {
  const bytes = new Uint8Array(24);
  bytes[0] = 2;
  new DataView(bytes.buffer).setUint32(1, index);
  return stateKeyFromBytes(bytes);
}

function valueAt(index: number): Uint8Array {
  const bytes = new Uint8Array(VALUE_BYTES);
  new DataView(bytes.buffer).setUint32(0, index);
  return bytes;
}

const quartile = (times: readonly number[]): string => times.toSorted((left, right) => left - right)[times.length >> 2]?.toFixed(1) ?? '';

process.stdout.write(
  `native: ${JSON.stringify(fast.native)}\nnode ${process.version}, ${CHANGES} changes a round, ${ROUNDS} rounds, lower quartiles\n`,
);
for (const size of SIZES) {
  const hasher = new LeafHasher(cryptography);
  const loader = new TreeLoader(cryptography);
  let build = 0;
  for (let from = 0; from < size; from += BATCH) {
    const indexes = Array.from({ length: Math.min(BATCH, size - from) }, (_, index) => from + index);
    const keys = indexes.map(keyAt);
    const values = indexes.map(valueAt);
    const start = threadMs();
    loader.add(hasher.hash(keys, values));
    build += threadMs() - start;
  }
  const start = threadMs();
  const tree: StateTree = loader.finish();
  build += threadMs() - start;
  const parts = {
    hash: [] as number[],
    order: [] as number[],
    update: [] as number[],
    sha256: [] as number[],
    commit: [] as number[],
    total: [] as number[],
    wall: [] as number[],
  };
  let hashes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const chosen = new Set<number>();
    while (chosen.size < CHANGES) chosen.add(random() % size);
    const keys = [...chosen].map(keyAt);
    const values = keys.map(() => valueAt(random()));
    const wall = performance.now();
    const begin = threadMs();
    const leaves = hasher.hash(keys, values);
    const hashed = threadMs();
    const batch = orderLeaves(leaves);
    const ordered = threadMs();
    hashing.ms = 0;
    hashing.count = 0;
    const version = tree.update(batch);
    const updated = threadMs();
    parts.sha256.push(hashing.ms);
    hashes = hashing.count;
    tree.commit(version);
    const committed = threadMs();
    parts.hash.push(hashed - begin);
    parts.order.push(ordered - hashed);
    parts.update.push(updated - ordered);
    parts.commit.push(committed - updated);
    parts.total.push(committed - begin);
    parts.wall.push(performance.now() - wall);
  }
  process.stdout.write(
    `${size} leaves: built in ${build.toFixed(0)} ms, ${(tree.byteLength / size).toFixed(0)} bytes a leaf\n` +
      `  a round ${quartile(parts.total)} ms (wall ${quartile(parts.wall)}): entries hashed ${quartile(parts.hash)}, ordered ${quartile(parts.order)}, ` +
      `tree ${quartile(parts.update)} of which SHA-256 ${quartile(parts.sha256)} (${hashes} hashes), committed ${quartile(parts.commit)}\n`,
  );
}
