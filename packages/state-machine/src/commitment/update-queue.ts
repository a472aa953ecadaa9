import { EMPTY_REF, type NodeRef } from './node-ref.ts';

const FIRST_CAPACITY = 256;

/** Capacity that is kept for the next update; what one large update needed beyond it is given back. */
const KEPT_CAPACITY_MAX = 524_288;

/** Words of an item: one for each of the properties below. */
export const ITEM_WORDS = 10;

/** Positions of the properties within an item. */
export const ITEM = {
  /** The node that is there before the update. */
  ref: 0,
  /** First change that belongs below it, and the one after the last. */
  from: 1,
  to: 2,
  depth: 3,
  /** Children of an inner node. */
  left: 4,
  right: 5,
  /** Where the items of the children begin, −1 for one that no change belongs to. */
  leftItem: 6,
  rightItem: 7,
  /** The node that is there after the update, and the number of its block if it is a new inner node. */
  next: 8,
  block: 9,
} as const;

/**
 * The nodes that an update reaches, from the root down and level by level, each with the range of changes that belong below it.
 *
 * One array of integers and no object for each node, gone through in order or backwards. Items are named by where they begin in it.
 */
export class UpdateQueue {
  /** Words in use. */
  end = 0;
  /** Replaced when it grows: read it anew after `add`. */
  words: Int32Array = new Int32Array(FIRST_CAPACITY * ITEM_WORDS);

  /** Forgets everything. */
  clear(): void {
    this.end = 0;
    if (this.words.length > KEPT_CAPACITY_MAX * ITEM_WORDS) this.words = new Int32Array(FIRST_CAPACITY * ITEM_WORDS);
  }

  /** Adds a node at the end and returns where its item begins, or −1 when there are no changes for it. */
  add(ref: NodeRef, from: number, to: number, depth: number): number {
    if (from === to) return -1;
    const item = this.end;
    if (item === this.words.length) this.#grow();
    this.end = item + ITEM_WORDS;
    const words = this.words;
    words[item + ITEM.ref] = ref;
    words[item + ITEM.from] = from;
    words[item + ITEM.to] = to;
    words[item + ITEM.depth] = depth;
    words[item + ITEM.next] = EMPTY_REF;
    return item;
  }

  #grow(): void {
    const words = new Int32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
  }
}
