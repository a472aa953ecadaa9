import type { HashSchedule } from './hash-schedule.ts';
import { IntegerList } from './integer-list.ts';
import type { LeafBatch } from './leaf-batch.ts';
import { INNER_KIND, kindOf, type NodeRef } from './node-ref.ts';
import { firstRight, PageWriter } from './page-writer.ts';
import { BLOCK_WORDS, copyHash, HASH_WORDS, PAGE_LEAVES_MAX, type TreeNodes } from './tree-nodes.ts';
import { ITEM, ITEM_WORDS, type UpdateQueue } from './update-queue.ts';

/** Changes that are worked on together: so few that what they need stays in the cache, so many that hashing them is a few large calls. */
const GROUP_CHANGES_MAX = 512;

/** What an update needs. */
export type TreeUpdateOptions = {
  readonly nodes: TreeNodes;
  readonly schedule: HashSchedule;
  readonly queue: UpdateQueue;
  readonly batch: LeafBatch;
};

/**
 * Writes and deletes the leaves of a batch in a tree: new nodes where something changes, the old ones left as they are.
 *
 * Divides the batch into groups that are neighbours in the tree. For a group there are three sweeps over the nodes that its changes
 * belong below: down, to find them; over the pages, to change them; up, to make new inner nodes and to schedule their hashes.
 *
 * In a large tree nearly all time is waiting for memory. A walk in depth waits for one node after the other; sweeps ask for many at once,
 * all the more because each begins by touching what it is going to read or write: reading one word of each node and nothing else.
 */
export class TreeUpdate {
  readonly #nodes: TreeNodes;
  readonly #schedule: HashSchedule;
  readonly #queue: UpdateQueue;
  readonly #batch: LeafBatch;
  readonly #pages: PageWriter;
  /** Nodes that exist only since this update. */
  readonly created: IntegerList = new IntegerList();
  /** Nodes that no longer belong to the tree after this update. */
  readonly superseded: IntegerList = new IntegerList();
  /** Hash of the subtree that was made last; after `apply`, of the root. */
  readonly hash: Uint32Array = new Uint32Array(HASH_WORDS);
  /** Sum of what was touched last; of no meaning, but without it the engine would leave the reading out. */
  touched = 0;

  constructor(options: TreeUpdateOptions) {
    this.#nodes = options.nodes;
    this.#schedule = options.schedule;
    this.#queue = options.queue;
    this.#batch = options.batch;
    this.#pages = new PageWriter({ ...options, created: this.created, superseded: this.superseded });
  }

  /** Returns the root after the batch: the same ref when nothing changed, otherwise its hash is in the first words of `hash`. */
  apply(root: NodeRef): NodeRef {
    return this.#update(root, 0, this.#batch.count, 0);
  }

  #update(ref: NodeRef, from: number, to: number, depth: number): NodeRef {
    if (to - from <= GROUP_CHANGES_MAX || kindOf(ref) !== INNER_KIND) return this.#updateGroup(ref, from, to, depth);
    const middle = firstRight(this.#batch, from, to, depth);
    const oldLeft = this.#nodes.child(ref, 0);
    const oldRight = this.#nodes.child(ref, 1);
    const hashes = this.#nodes.inner.words.slice(this.#nodes.blockOffset(ref), this.#nodes.blockOffset(ref) + BLOCK_WORDS);
    const left = this.#update(oldLeft, from, middle, depth + 1);
    if (left !== oldLeft) copyHash(hashes, 0, this.hash, 0);
    const right = this.#update(oldRight, middle, to, depth + 1);
    if (right !== oldRight) copyHash(hashes, HASH_WORDS, this.hash, 0);
    if (left === oldLeft && right === oldRight) return ref;
    this.superseded.push(ref);
    if (kindOf(left) + kindOf(right) <= PAGE_LEAVES_MAX) return this.#hashed(this.#pages.join(left, right), 0, depth);
    const node = this.#nodes.createInner(left, right);
    this.created.push(node);
    const block = this.#schedule.add(depth + 1, node);
    this.#schedule.setHash(depth + 1, block * 2, hashes, 0);
    this.#schedule.setHash(depth + 1, block * 2 + 1, hashes, HASH_WORDS);
    return this.#hashed(node, block, depth);
  }

  #updateGroup(ref: NodeRef, from: number, to: number, depth: number): NodeRef {
    const queue = this.#queue;
    queue.clear();
    if (queue.add(ref, from, to, depth) < 0) return ref;
    const innerCount = this.#sweepDown();
    this.touched = this.#nodes.inner.touchNext(innerCount);
    for (let item = 0; item < queue.end; item += ITEM_WORDS) if (!this.#isInner(item)) this.#writePage(item);
    for (let item = queue.end - ITEM_WORDS; item >= 0; item -= ITEM_WORDS) if (this.#isInner(item)) this.#rebuild(item);
    const next = queue.words[ITEM.next] as number;
    return next === ref ? ref : this.#hashed(next, queue.words[ITEM.block] as number, depth);
  }

  /** Computes what is scheduled for a new subtree and returns the subtree. */
  #hashed(ref: NodeRef, block: number, depth: number): NodeRef {
    this.#pages.attach(ref, block, depth, 0);
    this.#schedule.run(this.#nodes, depth, this.hash);
    return ref;
  }

  /** Fills the queue, a level at a time, and returns how many inner nodes are in it. */
  #sweepDown(): number {
    const queue = this.#queue;
    let innerCount = 0;
    for (let from = 0; from < queue.end; ) {
      const to = queue.end;
      this.touched = this.#touch(from, to);
      for (let item = from; item < to; item += ITEM_WORDS) {
        if (!this.#isInner(item)) continue;
        this.#reach(item);
        innerCount++;
      }
      from = to;
    }
    return innerCount;
  }

  #touch(from: number, to: number): number {
    let sum = 0;
    for (let item = from; item < to; item += ITEM_WORDS) sum = (sum + this.#nodes.touch(this.#queue.words[item + ITEM.ref] as number)) | 0;
    return sum;
  }

  #isInner(item: number): boolean {
    return kindOf(this.#queue.words[item + ITEM.ref] as number) === INNER_KIND;
  }

  /** Adds the children of an inner node that changes belong below. */
  #reach(item: number): void {
    const queue = this.#queue;
    const ref = queue.words[item + ITEM.ref] as number;
    const from = queue.words[item + ITEM.from] as number;
    const to = queue.words[item + ITEM.to] as number;
    const depth = queue.words[item + ITEM.depth] as number;
    const middle = firstRight(this.#batch, from, to, depth);
    const left = this.#nodes.child(ref, 0);
    const right = this.#nodes.child(ref, 1);
    const leftItem = queue.add(left, from, middle, depth + 1);
    const rightItem = queue.add(right, middle, to, depth + 1);
    const { words } = queue;
    words[item + ITEM.left] = left;
    words[item + ITEM.right] = right;
    words[item + ITEM.leftItem] = leftItem;
    words[item + ITEM.rightItem] = rightItem;
  }

  #writePage(item: number): void {
    const { words } = this.#queue;
    const ref = words[item + ITEM.ref] as number;
    const depth = words[item + ITEM.depth] as number;
    words[item + ITEM.next] = this.#pages.write(ref, words[item + ITEM.from] as number, words[item + ITEM.to] as number, depth);
    words[item + ITEM.block] = this.#pages.block;
  }

  /** Makes the node that follows an inner node, when its children have been dealt with. */
  #rebuild(item: number): void {
    const { words } = this.#queue;
    const ref = words[item + ITEM.ref] as number;
    const oldLeft = words[item + ITEM.left] as number;
    const oldRight = words[item + ITEM.right] as number;
    const leftItem = words[item + ITEM.leftItem] as number;
    const rightItem = words[item + ITEM.rightItem] as number;
    const left = leftItem < 0 ? oldLeft : (words[leftItem + ITEM.next] as number);
    const right = rightItem < 0 ? oldRight : (words[rightItem + ITEM.next] as number);
    words[item + ITEM.next] = ref;
    if (left === oldLeft && right === oldRight) return;
    this.superseded.push(ref);
    if (kindOf(left) + kindOf(right) <= PAGE_LEAVES_MAX) {
      words[item + ITEM.next] = this.#pages.join(left, right);
      return;
    }
    const node = this.#nodes.createInner(left, right);
    this.created.push(node);
    const level = (words[item + ITEM.depth] as number) + 1;
    const block = this.#schedule.add(level, node);
    const hashes = this.#nodes.inner.words;
    const offset = this.#nodes.blockOffset(ref);
    if (left === oldLeft) this.#schedule.setHash(level, block * 2, hashes, offset);
    else this.#pages.attach(left, words[leftItem + ITEM.block] as number, level, block * 2);
    if (right === oldRight) this.#schedule.setHash(level, block * 2 + 1, hashes, offset + HASH_WORDS);
    else this.#pages.attach(right, words[rightItem + ITEM.block] as number, level, block * 2 + 1);
    words[item + ITEM.next] = node;
    words[item + ITEM.block] = block;
  }
}
