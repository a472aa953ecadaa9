import type { StateRoot } from '../bytes/branded.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { assertInvariant } from '../chain-error.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { byteStringRoots } from '../merkle/byte-string-roots.ts';

/*
 * The state commitment: a compact sparse Merkle tree over 256-bit paths in which everything is a SHA-256 of 64 bytes.
 *
 *   key hash   = H(key, zero-padded to 47 bytes ‖ its length in one byte ‖ 16-byte KEY_TAG)
 *   value hash = chunked root of the value with its length mixed in
 *   leaf       = H(H(key hash ‖ value hash) ‖ LEAF_TAG)
 *   inner node = H(left ‖ right)
 *   empty      = 32 zero bytes; a subtree with exactly one leaf is that leaf
 *
 * The path of a leaf is its key hash from the most significant bit. The root depends on the entries alone, not on the order of writes.
 *
 * Within the tree no kind of node can pass for another, because the right halves of their preimages differ: a leaf's is a tag, an inner
 * node's a hash or zeros. What a leaf hashes is not told apart that way: chunks of values and bytes of keys are free, and somebody can
 * choose them to look like hashes of a tree below the leaf. A path through a leaf's preimage would have LEAF_TAG for a sibling, which no
 * node of a tree is unless somebody finds a preimage of it; so a proof with that sibling is refused, and a proof can only end where the
 * tree does. `verifyStateProof` keeps that rule.
 */

const KEY_BYTES = 47;
const KEY_TAG = encodeUtf8('mutual/state/key');

/** Right half of every leaf's preimage. 32 bytes. */
export const LEAF_TAG: Uint8Array = padded(encodeUtf8('mutual-chain/state-leaf/v1'));

/** Root of the empty subtree and of the empty state. */
export const EMPTY_SUBTREE: StateRoot = new Uint8Array(32) as StateRoot;

/** Longest key of a state entry, bytes. */
export const STATE_KEY_BYTES_MAX: number = KEY_BYTES;

/** Hashes of many keys at once, 32 bytes each, concatenated in order. Keys have 1–47 bytes. */
export function stateKeyHashes(cryptography: Pick<Cryptography, 'sha256Pairs'>, keys: readonly Uint8Array[]): Uint8Array {
  const blocks = new Uint8Array(keys.length * 64);
  for (const [index, key] of keys.entries()) {
    assertInvariant(key.length >= 1 && key.length <= KEY_BYTES, 'a state key has 1 to 47 bytes');
    blocks.set(key, index * 64);
    blocks[index * 64 + KEY_BYTES] = key.length;
    blocks.set(KEY_TAG, index * 64 + 48);
  }
  const hashes = new Uint8Array(keys.length * 32);
  cryptography.sha256Pairs(blocks, hashes);
  return hashes;
}

/** Leaves of many entries at once, 32 bytes each, from their key hashes (32 bytes each, concatenated) and values. */
export function stateLeaves(
  cryptography: Pick<Cryptography, 'sha256Pairs'>,
  keyHashes: Uint8Array,
  values: readonly Uint8Array[],
): Uint8Array {
  return leavesFromHashes(cryptography, keyHashes, byteStringRoots(cryptography, values));
}

/** Leaves from key hashes and value hashes, 32 bytes each, concatenated. */
export function leavesFromHashes(
  cryptography: Pick<Cryptography, 'sha256Pairs'>,
  keyHashes: Uint8Array,
  valueHashes: Uint8Array,
): Uint8Array {
  const blocks = new Uint8Array(keyHashes.length * 2);
  for (let at = 0; at < keyHashes.length; at += 32) {
    blocks.set(keyHashes.subarray(at, at + 32), at * 2);
    blocks.set(valueHashes.subarray(at, at + 32), at * 2 + 32);
  }
  const leaves = new Uint8Array(keyHashes.length);
  cryptography.sha256Pairs(blocks, leaves);
  for (let at = 0; at < keyHashes.length; at += 32) {
    blocks.set(leaves.subarray(at, at + 32), at * 2);
    blocks.set(LEAF_TAG, at * 2 + 32);
  }
  cryptography.sha256Pairs(blocks, leaves);
  return leaves;
}

function padded(bytes: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(32);
  chunk.set(bytes);
  return chunk;
}
