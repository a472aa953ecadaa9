import { assertInvariant } from '@mutual-chain/protocol';
import type { UnorderedLeaves } from './leaf-hasher.ts';
import { pathOrder } from './path-order.ts';
import { copyLeaf, HASH_WORDS, LEAF_WORDS } from './tree-nodes.ts';

/** Leaves to write or to delete in the order of their paths, each path once. */
export type LeafBatch = UnorderedLeaves & {
  /** The leaves' memory as bytes. */
  readonly bytes: Uint8Array;
};

/** Brings leaves in order. Throws `InvariantError` when a path is there twice. */
export function orderLeaves(leaves: UnorderedLeaves): LeafBatch {
  const { count, words: from } = leaves;
  const order = pathOrder(new Uint8Array(from.buffer, from.byteOffset, count * LEAF_WORDS * 4), LEAF_WORDS * 4, count);
  const words = new Uint32Array(count * LEAF_WORDS);
  const present = new Uint8Array(count);
  for (let position = 0; position < count; position++) {
    const number = order[position] as number;
    copyLeaf(words, position * LEAF_WORDS, from, number * LEAF_WORDS);
    present[position] = leaves.present[number] as number;
    assertInvariant(position === 0 || !isSamePath(words, position), 'one key is written twice in one set of changes');
  }
  return { count, words, present, bytes: new Uint8Array(words.buffer) };
}

/** Whether the leaf at a position has the path of the one before. */
function isSamePath(words: Uint32Array, position: number): boolean {
  const at = position * LEAF_WORDS;
  for (let word = 0; word < HASH_WORDS; word++) if (words[at + word] !== words[at - LEAF_WORDS + word]) return false;
  return true;
}
