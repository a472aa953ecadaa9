import { EMPTY_REF, type NodeRef } from './node-ref.ts';

const FIRST_CAPACITY = 256;

/** Capacity that is kept for the next update; what one large update needed beyond it is given back. */
const KEPT_CAPACITY_MAX = 524_288;

/**
 * The nodes that an update reaches, from the root down and level by level, each with the range of changes that belong below it.
 *
 * One array for each property and no object for each node: going through them in order, or backwards, the processor waits for the
 * memory of many nodes at once.
 */
export class UpdateQueue {
  length = 0;
  #capacity: number = FIRST_CAPACITY;
  /** The node that is there before the update. */
  refs: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** First change, and the one after the last. */
  froms: Int32Array = new Int32Array(FIRST_CAPACITY);
  tos: Int32Array = new Int32Array(FIRST_CAPACITY);
  depths: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** Children of an inner node, left and right. */
  children: Int32Array = new Int32Array(FIRST_CAPACITY * 2);
  /** Places of the children in the queue, −1 for one that no change belongs to. */
  places: Int32Array = new Int32Array(FIRST_CAPACITY * 2);
  /** The node that is there after the update, and the number of its block if it is a new inner node. */
  nexts: Int32Array = new Int32Array(FIRST_CAPACITY);
  blocks: Int32Array = new Int32Array(FIRST_CAPACITY);

  /** Forgets everything. */
  clear(): void {
    this.length = 0;
    if (this.#capacity > KEPT_CAPACITY_MAX) this.#resize(FIRST_CAPACITY);
  }

  /** Adds a node at the end and returns its place, or −1 when there are no changes for it. */
  add(ref: NodeRef, from: number, to: number, depth: number): number {
    if (from === to) return -1;
    if (this.length === this.#capacity) this.#resize(this.#capacity * 2);
    const place = this.length++;
    this.refs[place] = ref;
    this.froms[place] = from;
    this.tos[place] = to;
    this.depths[place] = depth;
    this.nexts[place] = EMPTY_REF;
    return place;
  }

  #resize(capacity: number): void {
    const resized = (items: Int32Array, length: number): Int32Array => {
      const next = new Int32Array(length);
      next.set(items.subarray(0, Math.min(items.length, length)));
      return next;
    };
    this.#capacity = capacity;
    this.refs = resized(this.refs, capacity);
    this.froms = resized(this.froms, capacity);
    this.tos = resized(this.tos, capacity);
    this.depths = resized(this.depths, capacity);
    this.children = resized(this.children, capacity * 2);
    this.places = resized(this.places, capacity * 2);
    this.nexts = resized(this.nexts, capacity);
    this.blocks = resized(this.blocks, capacity);
  }
}
