import type { HashSchedule } from './hash-schedule.ts';
import { IntegerList } from './integer-list.ts';
import type { LeafBatch } from './leaf-batch.ts';
import { INNER_KIND, kindOf, type NodeRef } from './node-ref.ts';
import { firstRight, PageWriter } from './page-writer.ts';
import { HASH_WORDS, PAGE_LEAVES_MAX, type TreeNodes } from './tree-nodes.ts';
import type { UpdateQueue } from './update-queue.ts';

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
 * Three sweeps over the nodes that changes belong below: down, to find them; over the pages, to change them; up, to make new inner nodes
 * and to schedule their hashes. A walk in depth would do the same with less code, but waits for one node's memory after the other.
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

  constructor(options: TreeUpdateOptions) {
    this.#nodes = options.nodes;
    this.#schedule = options.schedule;
    this.#queue = options.queue;
    this.#batch = options.batch;
    this.#pages = new PageWriter({ ...options, created: this.created, superseded: this.superseded });
  }

  /** Returns the root after the batch: the same ref when nothing changed, otherwise its hash is scheduled for level 0. */
  apply(root: NodeRef): NodeRef {
    const queue = this.#queue;
    queue.clear();
    if (queue.add(root, 0, this.#batch.count, 0) < 0) return root;
    const isInner = (place: number): boolean => kindOf(queue.refs[place] as number) === INNER_KIND;
    for (let place = 0; place < queue.length; place++) if (isInner(place)) this.#reach(place);
    for (let place = 0; place < queue.length; place++) if (!isInner(place)) this.#writePage(place);
    for (let place = queue.length - 1; place >= 0; place--) if (isInner(place)) this.#rebuild(place);
    const next = queue.nexts[0] as number;
    if (next !== root) this.#pages.attach(next, queue.blocks[0] as number, 0, 0);
    return next;
  }

  /** Down: adds the children of an inner node that changes belong below. */
  #reach(place: number): void {
    const queue = this.#queue;
    const ref = queue.refs[place] as number;
    const from = queue.froms[place] as number;
    const to = queue.tos[place] as number;
    const depth = queue.depths[place] as number;
    const middle = firstRight(this.#batch, from, to, depth);
    const left = this.#nodes.child(ref, 0);
    const right = this.#nodes.child(ref, 1);
    const leftPlace = queue.add(left, from, middle, depth + 1);
    const rightPlace = queue.add(right, middle, to, depth + 1);
    queue.children[place * 2] = left;
    queue.children[place * 2 + 1] = right;
    queue.places[place * 2] = leftPlace;
    queue.places[place * 2 + 1] = rightPlace;
  }

  #writePage(place: number): void {
    const queue = this.#queue;
    const ref = queue.refs[place] as number;
    queue.nexts[place] = this.#pages.write(ref, queue.froms[place] as number, queue.tos[place] as number, queue.depths[place] as number);
    queue.blocks[place] = this.#pages.block;
  }

  /** Up: the node that follows an inner node, when its children have been dealt with. */
  #rebuild(place: number): void {
    const queue = this.#queue;
    const ref = queue.refs[place] as number;
    const oldLeft = queue.children[place * 2] as number;
    const oldRight = queue.children[place * 2 + 1] as number;
    const leftPlace = queue.places[place * 2] as number;
    const rightPlace = queue.places[place * 2 + 1] as number;
    const left = leftPlace < 0 ? oldLeft : (queue.nexts[leftPlace] as number);
    const right = rightPlace < 0 ? oldRight : (queue.nexts[rightPlace] as number);
    if (left === oldLeft && right === oldRight) {
      queue.nexts[place] = ref;
      return;
    }
    this.superseded.push(ref);
    if (kindOf(left) + kindOf(right) <= PAGE_LEAVES_MAX) {
      queue.nexts[place] = this.#pages.join(left, right);
      return;
    }
    const node = this.#nodes.createInner(left, right);
    this.created.push(node);
    const level = (queue.depths[place] as number) + 1;
    const block = this.#schedule.add(level, node);
    const words = this.#nodes.inner.words;
    const offset = this.#nodes.blockOffset(ref);
    if (left === oldLeft) this.#schedule.setHash(level, block * 2, words, offset);
    else this.#pages.attach(left, queue.blocks[leftPlace] as number, level, block * 2);
    if (right === oldRight) this.#schedule.setHash(level, block * 2 + 1, words, offset + HASH_WORDS);
    else this.#pages.attach(right, queue.blocks[rightPlace] as number, level, block * 2 + 1);
    queue.nexts[place] = node;
    queue.blocks[place] = block;
  }
}
