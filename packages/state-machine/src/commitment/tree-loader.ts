import type { Cryptography } from '@mutual-chain/protocol';
import { orderLeaves } from './leaf-batch.ts';
import type { UnorderedLeaves } from './leaf-hasher.ts';
import { StateTree } from './state-tree.ts';
import { copyLeaf, LEAF_WORDS } from './tree-nodes.ts';

/** Parts of the space of paths, by the first byte of a path. */
const PARTS = 256;

/** Leaves of one piece of memory while they are collected, 4 KiB. */
const PIECE_LEAVES = 64;

/** Neighbouring parts are hashed together until they have so many leaves: fewer calls, and a small state is one update. */
const BATCH_LEAVES_MIN = 8192;

type Part = { readonly pieces: Uint32Array[]; count: number };

/**
 * Builds the tree of a state from all its leaves at once, given in any order.
 *
 * Collects them by the first byte of their paths, then writes neighbours together, so that each node is made and hashed once (but for
 * the few near the root). The memory of a part is given up as soon as its leaves are in the tree.
 */
export class TreeLoader {
  readonly #cryptography: Pick<Cryptography, 'sha256Pairs'>;
  readonly #parts: Part[] = Array.from({ length: PARTS }, () => ({ pieces: [], count: 0 }));

  constructor(cryptography: Pick<Cryptography, 'sha256Pairs'>) {
    this.#cryptography = cryptography;
  }

  /** Adds leaves; all of them are present. */
  add(leaves: UnorderedLeaves): void {
    const { count, words } = leaves;
    const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    for (let number = 0; number < count; number++) {
      const part = this.#parts[bytes[number * LEAF_WORDS * 4] as number] as Part;
      const slot = part.count % PIECE_LEAVES;
      if (slot === 0) part.pieces.push(new Uint32Array(PIECE_LEAVES * LEAF_WORDS));
      const piece = part.pieces[part.pieces.length - 1] as Uint32Array;
      copyLeaf(piece, slot * LEAF_WORDS, words, number * LEAF_WORDS);
      part.count++;
    }
  }

  /** The tree of all leaves. To be called once. Throws `InvariantError` when a path was added twice. */
  finish(): StateTree {
    const tree = new StateTree(this.#cryptography);
    let pending: Part[] = [];
    let count = 0;
    for (const [index, part] of this.#parts.entries()) {
      pending.push(part);
      count += part.count;
      if (count < BATCH_LEAVES_MIN && index < PARTS - 1) continue;
      tree.commit(tree.update(orderLeaves(joined(pending, count))));
      for (const { pieces } of pending) pieces.length = 0;
      pending = [];
      count = 0;
    }
    return tree;
  }
}

function joined(parts: readonly Part[], count: number): UnorderedLeaves {
  const words = new Uint32Array(count * LEAF_WORDS);
  let at = 0;
  for (const { pieces, count: leaves } of parts) {
    for (const [index, piece] of pieces.entries()) {
      const filled = Math.min(leaves - index * PIECE_LEAVES, PIECE_LEAVES) * LEAF_WORDS;
      words.set(piece.subarray(0, filled), at);
      at += filled;
    }
  }
  return { count, words, present: new Uint8Array(count).fill(1) };
}
