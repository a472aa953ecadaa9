import type { HashSchedule } from './hash-schedule.ts';
import type { IntegerList } from './integer-list.ts';
import type { LeafBatch } from './leaf-batch.ts';
import { EMPTY_REF, INNER_KIND, kindOf, type NodeRef } from './node-ref.ts';
import { copyLeaf, HASH_WORDS, isRight, LEAF_BYTES, LEAF_WORDS, PAGE_LEAVES_MAX, type TreeNodes } from './tree-nodes.ts';

/** What writing pages needs. */
export type PageWriterOptions = {
  readonly nodes: TreeNodes;
  readonly schedule: HashSchedule;
  readonly batch: LeafBatch;
  /** Takes every node that is made. */
  readonly created: IntegerList;
  /** Takes every node that no longer belongs to the tree. */
  readonly superseded: IntegerList;
};

/**
 * Writes the changes of a batch to pages: the bottom of an update.
 *
 * A subtree with at most `PAGE_LEAVES_MAX` leaves is always one page, so the nodes depend on the leaves alone, as the root does. A page
 * that would become fuller is split into a subtree. Changes are named by their numbers in the batch, `from` ≤ number < `to`.
 */
export class PageWriter {
  readonly #nodes: TreeNodes;
  readonly #schedule: HashSchedule;
  readonly #batch: LeafBatch;
  readonly #created: IntegerList;
  readonly #superseded: IntegerList;
  /** Number of the block of the inner node that `write` returned, at level depth + 1 of the schedule. */
  block = 0;

  constructor(options: PageWriterOptions) {
    this.#nodes = options.nodes;
    this.#schedule = options.schedule;
    this.#batch = options.batch;
    this.#created = options.created;
    this.#superseded = options.superseded;
  }

  /** The subtree that follows a page, or the empty subtree, after the changes; the same ref when they alter nothing. */
  write(page: NodeRef, from: number, to: number, depth: number): NodeRef {
    if (!this.#alters(page, from, to)) return page;
    if (page !== EMPTY_REF) this.#superseded.push(page);
    return this.#merge(page, 0, kindOf(page), from, to, depth);
  }

  /** One page with the leaves of two pages, either of which may be empty. */
  join(left: NodeRef, right: NodeRef): NodeRef {
    if (left === EMPTY_REF) return right;
    if (right === EMPTY_REF) return left;
    const page = this.#nodes.createPage(kindOf(left) + kindOf(right));
    this.#created.push(page);
    const words = this.#nodes.pagesOf(kindOf(page)).words;
    let target = this.#nodes.leafOffset(page);
    for (const part of [left, right]) {
      for (let leaf = 0; leaf < kindOf(part); leaf++, target += LEAF_WORDS) {
        copyLeaf(words, target, this.#nodes.pagesOf(kindOf(part)).words, this.#nodes.leafOffset(part) + leaf * LEAF_WORDS);
      }
      // A page that this update made is then both created and superseded: kept or discarded, the update gives it back once.
      this.#superseded.push(part);
    }
    return page;
  }

  /** Makes the hash of a new subtree arrive in a slot of the schedule; `block` is that of its root if that is an inner node. */
  attach(ref: NodeRef, block: number, level: number, slot: number): void {
    const kind = kindOf(ref);
    if (kind === INNER_KIND) this.#schedule.place(level + 1, block, slot);
    else if (ref === EMPTY_REF) this.#schedule.setEmpty(level, slot);
    else {
      const offset = this.#nodes.leafOffset(ref);
      const first = this.#schedule.addLeaves(this.#nodes.pagesOf(kindOf(ref)).words, offset, kind);
      this.#attachLeaves(this.#nodes.pagesOf(kindOf(ref)).bytes, offset * 4, kind, first, level, slot);
    }
  }

  /** Makes the hash of a subtree within a page arrive in a slot; its leaves are scheduled under consecutive numbers. */
  #attachLeaves(bytes: Uint8Array, at: number, count: number, first: number, level: number, slot: number): void {
    if (count === 0) this.#schedule.setEmpty(level, slot);
    else if (count === 1) this.#schedule.placeLeaf(first, level, slot);
    else {
      const block = this.#schedule.add(level + 1, EMPTY_REF);
      this.#schedule.place(level + 1, block, slot);
      let left = 0;
      while (left < count && !isRight(bytes, at + left * LEAF_BYTES, level)) left++;
      this.#attachLeaves(bytes, at, left, first, level + 1, block * 2);
      this.#attachLeaves(bytes, at + left * LEAF_BYTES, count - left, first + left, level + 1, block * 2 + 1);
    }
  }

  /** Whether the changes alter the page: writing back the value that is there, or deleting what is absent, does not. */
  #alters(page: NodeRef, from: number, to: number): boolean {
    const leaves = kindOf(page);
    let leaf = 0;
    for (let change = from; change < to; change++) {
      let order = 1;
      while (leaf < leaves) {
        order = this.#comparePaths(page, leaf, change);
        if (order >= 0) break;
        leaf++;
      }
      const isThere = leaf < leaves && order === 0;
      const isWritten = this.#batch.present[change] === 1;
      if (isThere !== isWritten || (isThere && !this.#hasValueOf(page, leaf, change))) return true;
    }
    return false;
  }

  /** The subtree of some leaves of a page, `leaf` ≤ number < `leaves`, after the changes, all of which belong there. */
  #merge(page: NodeRef, leaf: number, leaves: number, from: number, to: number, depth: number): NodeRef {
    const count = this.#countMerged(page, leaf, leaves, from, to);
    if (count === 0) return EMPTY_REF;
    if (count <= PAGE_LEAVES_MAX) return this.#mergeIntoPage(page, leaf, leaves, from, to, count);
    const leafMiddle = this.#firstRightLeaf(page, leaf, leaves, depth);
    const middle = firstRight(this.#batch, from, to, depth);
    const left = this.#merge(page, leaf, leafMiddle, from, middle, depth + 1);
    const leftBlock = this.block;
    const right = this.#merge(page, leafMiddle, leaves, middle, to, depth + 1);
    const rightBlock = this.block;
    const node = this.#nodes.createInner(left, right);
    this.#created.push(node);
    const block = this.#schedule.add(depth + 1, node);
    this.attach(left, leftBlock, depth + 1, block * 2);
    this.attach(right, rightBlock, depth + 1, block * 2 + 1);
    this.block = block;
    return node;
  }

  #firstRightLeaf(page: NodeRef, leaf: number, leaves: number, depth: number): number {
    if (leaf === leaves) return leaf;
    const bytes = this.#nodes.pagesOf(kindOf(page)).bytes;
    const at = this.#nodes.leafOffset(page) * 4;
    let middle = leaf;
    while (middle < leaves && !isRight(bytes, at + middle * LEAF_BYTES, depth)) middle++;
    return middle;
  }

  #countMerged(page: NodeRef, leaf: number, leaves: number, from: number, to: number): number {
    let count = leaves - leaf;
    let at = leaf;
    for (let change = from; change < to; change++) {
      let order = 1;
      while (at < leaves) {
        order = this.#comparePaths(page, at, change);
        if (order >= 0) break;
        at++;
      }
      const isThere = at < leaves && order === 0;
      if (this.#batch.present[change] === 1) count += isThere ? 0 : 1;
      else count -= isThere ? 1 : 0;
    }
    return count;
  }

  #mergeIntoPage(page: NodeRef, leaf: number, leaves: number, from: number, to: number, count: number): NodeRef {
    const merged = this.#nodes.createPage(count);
    this.#created.push(merged);
    const words = this.#nodes.pagesOf(kindOf(merged)).words;
    let target = this.#nodes.leafOffset(merged);
    let at = leaf;
    for (let change = from; change <= to; change++) {
      let order = 1;
      while (at < leaves) {
        if (change < to) {
          order = this.#comparePaths(page, at, change);
          if (order >= 0) break;
        }
        copyLeaf(words, target, this.#nodes.pagesOf(kindOf(page)).words, this.#nodes.leafOffset(page) + at * LEAF_WORDS);
        target += LEAF_WORDS;
        at++;
      }
      if (change === to) break;
      if (at < leaves && order === 0) at++;
      if (this.#batch.present[change] === 0) continue;
      copyLeaf(words, target, this.#batch.words, change * LEAF_WORDS);
      target += LEAF_WORDS;
    }
    return merged;
  }

  /** Order of the path of a leaf of a page and that of a change. */
  #comparePaths(page: NodeRef, leaf: number, change: number): number {
    const bytes = this.#nodes.pagesOf(kindOf(page)).bytes;
    const at = this.#nodes.leafOffset(page) * 4 + leaf * LEAF_BYTES;
    const changes = this.#batch.bytes;
    const changeAt = change * LEAF_BYTES;
    for (let index = 0; index < PATH_BYTES; index++) {
      const difference = (bytes[at + index] as number) - (changes[changeAt + index] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #hasValueOf(page: NodeRef, leaf: number, change: number): boolean {
    const words = this.#nodes.pagesOf(kindOf(page)).words;
    const at = this.#nodes.leafOffset(page) + leaf * LEAF_WORDS;
    const changeAt = change * LEAF_WORDS;
    for (let word = HASH_WORDS; word < LEAF_WORDS; word++) if (words[at + word] !== this.#batch.words[changeAt + word]) return false;
    return true;
  }
}

const PATH_BYTES = HASH_WORDS * 4;

/** Number of the first change of a range whose path goes right at a depth; `to` when none does. */
export function firstRight(batch: LeafBatch, from: number, to: number, depth: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isRight(batch.bytes, middle * LEAF_BYTES, depth)) high = middle;
    else low = middle + 1;
  }
  return low;
}
