import { EMPTY_REF, INNER_KIND, indexOf, kindOf, type NodeRef, nodeRef } from './node-ref.ts';
import { RecordPool } from './record-pool.ts';

/**
 * Most leaves of a page. A subtree with so few leaves has no nodes: its hash is computed from the page when the page changes, which
 * costs less than the memory and the cache misses of its nodes. Measured with 2, 4, 6, 8 and 12.
 */
export const PAGE_LEAVES_MAX = 4;

/** Words of a leaf: its key hash, then its value hash, as they are hashed together. */
export const LEAF_WORDS = 16;

/** Bytes of a leaf. */
export const LEAF_BYTES: number = LEAF_WORDS * 4;

/** Words of a hash. */
export const HASH_WORDS = 8;

/** Words of what one hash is made from. */
export const BLOCK_WORDS = 16;

/** Words of an inner node: the hashes of its two children, as they are hashed together, and then their refs. */
const INNER_WORDS = 18;

/**
 * The memory of a tree: inner nodes and pages of leaves, in typed arrays and without an object for each.
 *
 * An inner node keeps the hashes of its children beside their refs, so that changing one child reads one place. Pages with 1, 2 …
 * leaves have a pool each, so that none wastes room. A node that is part of a tree is never changed; writing makes new nodes.
 */
export class TreeNodes {
  /** Inner nodes. */
  readonly inner: RecordPool = new RecordPool(INNER_WORDS);
  /** Pages by number of leaves; there are none of 0. */
  readonly pages: readonly RecordPool[] = Array.from({ length: PAGE_LEAVES_MAX + 1 }, (_, leaves) => new RecordPool(LEAF_WORDS * leaves));

  /** A new inner node with these children; their hashes are still to be written. */
  createInner(left: NodeRef, right: NodeRef): NodeRef {
    const index = this.inner.allocate();
    const at = index * INNER_WORDS + BLOCK_WORDS;
    this.inner.words[at] = left;
    this.inner.words[at + 1] = right;
    return nodeRef(INNER_KIND, index);
  }

  /** A new page of so many leaves, 1 to `PAGE_LEAVES_MAX`; the leaves are still to be written. */
  createPage(leaves: number): NodeRef {
    return nodeRef(leaves, this.pagesOf(leaves).allocate());
  }

  /** Gives the memory of a node back. */
  release(ref: NodeRef): void {
    const kind = kindOf(ref);
    if (kind === INNER_KIND) this.inner.release(indexOf(ref));
    else if (ref !== EMPTY_REF) this.pagesOf(kind).release(indexOf(ref));
  }

  /** Reads a little of a node: see `TreeUpdate`. Returns a sum that is of no meaning. */
  touch(ref: NodeRef): number {
    const kind = kindOf(ref);
    return kind === INNER_KIND ? this.inner.touch(indexOf(ref)) : kind === 0 ? 0 : this.pagesOf(kind).touch(indexOf(ref));
  }

  /** Left (0) or right (1) child of an inner node. */
  child(ref: NodeRef, side: number): NodeRef {
    return this.inner.words[indexOf(ref) * INNER_WORDS + BLOCK_WORDS + side] as number;
  }

  /** Where the hashes of an inner node's children begin among the words of `inner`. */
  blockOffset(ref: NodeRef): number {
    return indexOf(ref) * INNER_WORDS;
  }

  /** The pages that a page is among. */
  pagesOf(kind: number): RecordPool {
    return this.pages[kind] as RecordPool;
  }

  /** Where the leaves of a page begin, in words. */
  leafOffset(ref: NodeRef): number {
    return indexOf(ref) * kindOf(ref) * LEAF_WORDS;
  }

  /** Inner nodes and pages that are in use. */
  get count(): number {
    return this.pages.reduce((sum, pool) => sum + pool.count, this.inner.count);
  }

  /** Memory that was ever touched, bytes. */
  get byteLength(): number {
    return this.pages.reduce((sum, pool) => sum + pool.byteLength, this.inner.byteLength);
  }
}

/** Copies a leaf, or any 64 bytes; offsets in words. */
export function copyLeaf(target: Uint32Array, targetAt: number, source: Uint32Array, sourceAt: number): void {
  for (let word = 0; word < LEAF_WORDS; word++) target[targetAt + word] = source[sourceAt + word] as number;
}

/** Copies a hash; offsets in words. */
export function copyHash(target: Uint32Array, targetAt: number, source: Uint32Array, sourceAt: number): void {
  for (let word = 0; word < HASH_WORDS; word++) target[targetAt + word] = source[sourceAt + word] as number;
}

/** Whether the path that begins at a byte goes right at a depth. */
export function isRight(bytes: Uint8Array, at: number, depth: number): boolean {
  return (((bytes[at + (depth >>> 3)] as number) >>> (7 - (depth & 7))) & 1) === 1;
}
