import type { MerkleRoot } from '../bytes/branded.ts';
import { equalBytes } from '../bytes/byte-order.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';

const CHUNK = 32;
const CHUNK_BITS = 5;
/** Longest list; what a block may hold is far below. */
const COUNT_MAX = 1 << 30;

/**
 * Root of a list: the Merkle root over its leaves (32 bytes each, padded with zeros to a power of two, at least one), then
 * SHA-256(root ‖ count as 32 bytes little-endian). The count makes lists of different length differ whatever their leaves.
 */
export function listRoot(cryptography: Pick<Cryptography, 'sha256Pairs'>, leaves: Uint8Array): MerkleRoot {
  const levels = levelsOf(cryptography, leaves);
  return mixInCount(cryptography, levels[levels.length - 1] as Uint8Array, leaves.length >>> CHUNK_BITS);
}

/** Siblings from a leaf up to the root of the tree of leaves: enough, with index and count, to prove the leaf. */
export type MerkleBranch = {
  /** Position of the leaf, 0 ≤ index < count. */
  readonly index: number;
  /** Leaves of the list. */
  readonly count: number;
  /** 32 bytes each, from the bottom. */
  readonly siblings: readonly Uint8Array[];
};

/** Branch of the leaf at `index`. Throws RangeError outside the list. */
export function createBranch(cryptography: Pick<Cryptography, 'sha256Pairs'>, leaves: Uint8Array, index: number): MerkleBranch {
  const count = leaves.length >>> CHUNK_BITS;
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) throw new RangeError(`leaf ${index} is not one of ${count}`);
  const levels = levelsOf(cryptography, leaves);
  const siblings: Uint8Array[] = [];
  let position = index;
  for (const level of levels.slice(0, -1)) {
    const sibling = position ^ 1;
    siblings.push(level.slice(sibling * CHUNK, (sibling + 1) * CHUNK));
    position >>>= 1;
  }
  return { index, count, siblings };
}

/** Whether the branch leads from the leaf to the root. Never throws. */
export function verifyBranch(
  cryptography: Pick<Cryptography, 'sha256Pairs'>,
  root: Uint8Array,
  leaf: Uint8Array,
  branch: MerkleBranch,
): boolean {
  const { index, count, siblings } = branch;
  const inside = Number.isSafeInteger(index) && Number.isSafeInteger(count) && index >= 0 && index < count && count <= COUNT_MAX;
  if (!inside || leaf.length !== CHUNK || siblings.length !== depthOf(count)) return false;
  if (siblings.some((sibling) => sibling.length !== CHUNK)) return false;
  let node = leaf;
  let position = index;
  for (const sibling of siblings) {
    node = (position & 1) === 0 ? hashPair(cryptography, node, sibling) : hashPair(cryptography, sibling, node);
    position >>>= 1;
  }
  return equalBytes(mixInCount(cryptography, node, count), root);
}

/** SHA-256 of two 32-byte halves. */
export function hashPair(cryptography: Pick<Cryptography, 'sha256Pairs'>, left: Uint8Array, right: Uint8Array): Uint8Array {
  const pair = new Uint8Array(2 * CHUNK);
  pair.set(left);
  pair.set(right, CHUNK);
  const digest = new Uint8Array(CHUNK);
  cryptography.sha256Pairs(pair, digest);
  return digest;
}

function depthOf(count: number): number {
  let depth = 0;
  while (1 << depth < count) depth++;
  return depth;
}

/** All levels from the padded leaves to the single root. */
function levelsOf(cryptography: Pick<Cryptography, 'sha256Pairs'>, leaves: Uint8Array): Uint8Array[] {
  const padded = new Uint8Array((1 << depthOf(leaves.length >>> CHUNK_BITS)) * CHUNK);
  padded.set(leaves);
  const levels: Uint8Array[] = [padded];
  for (let level = padded; level.length > CHUNK; ) {
    const next = new Uint8Array(level.length >>> 1);
    cryptography.sha256Pairs(level, next);
    levels.push(next);
    level = next;
  }
  return levels;
}

function mixInCount(cryptography: Pick<Cryptography, 'sha256Pairs'>, root: Uint8Array, count: number): MerkleRoot {
  const length = new Uint8Array(CHUNK);
  new DataView(length.buffer).setUint32(0, count, true);
  return hashPair(cryptography, root, length) as MerkleRoot;
}
