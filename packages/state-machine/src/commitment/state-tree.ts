import { type AbsenceWitness, bitAt, type Cryptography, EMPTY_SUBTREE, leavesFromHashes, type StateRoot } from '@mutual-chain/protocol';
import { HashSchedule } from './hash-schedule.ts';
import type { IntegerList } from './integer-list.ts';
import type { LeafBatch } from './leaf-batch.ts';
import { EMPTY_REF, INNER_KIND, kindOf, type NodeRef } from './node-ref.ts';
import { HASH_WORDS, LEAF_WORDS, TreeNodes } from './tree-nodes.ts';
import { TreeUpdate } from './tree-update.ts';
import { UpdateQueue } from './update-queue.ts';

const HASH_BYTES = HASH_WORDS * 4;
const LEAF_BYTES = LEAF_WORDS * 4;

/** A next version of a tree, beside the committed one. Made by `StateTree.update`, to be committed or discarded once. */
export type TreeVersion = {
  readonly stateRoot: StateRoot;
  readonly root: NodeRef;
  /** Nodes to give back when the version is discarded. */
  readonly created: IntegerList;
  /** Nodes to give back when the version is committed. */
  readonly superseded: IntegerList;
};

/** What stands at the end of a path, with the siblings on the way. */
export type PathEnd = {
  /** From the root down, 32 bytes each. */
  readonly siblings: readonly Uint8Array[];
  /** Undefined when the leaf of the path itself is there. */
  readonly absence: AbsenceWitness | undefined;
};

/**
 * The state commitment of one committed state and of versions that might follow it, in memory.
 *
 * The definition of the commitment is in the protocol package; this is the way to keep it up to date. Versions share all nodes that they
 * do not change. Discarding one, or committing one after discarding the others, leaves no node behind.
 */
export class StateTree {
  readonly #cryptography: Pick<Cryptography, 'sha256Pairs'>;
  readonly #nodes: TreeNodes = new TreeNodes();
  readonly #schedule: HashSchedule;
  readonly #queue: UpdateQueue = new UpdateQueue();
  #root: NodeRef = EMPTY_REF;
  #stateRoot: StateRoot = EMPTY_SUBTREE;

  constructor(cryptography: Pick<Cryptography, 'sha256Pairs'>) {
    this.#cryptography = cryptography;
    this.#schedule = new HashSchedule(cryptography);
  }

  /** Root of the committed state. */
  get stateRoot(): StateRoot {
    return this.#stateRoot;
  }

  /** The version that follows the committed one after writing and deleting these leaves. */
  update(batch: LeafBatch): TreeVersion {
    const update = new TreeUpdate({ nodes: this.#nodes, schedule: this.#schedule, queue: this.#queue, batch });
    const root = update.apply(this.#root);
    const stateRoot = root === this.#root ? this.#stateRoot : (new Uint8Array(update.hash.buffer) as StateRoot);
    return { stateRoot, root, created: update.created, superseded: update.superseded };
  }

  /** Makes a version the committed one. It has to be made from the committed one, and all other versions have to be discarded. */
  commit(version: TreeVersion): void {
    this.#root = version.root;
    this.#stateRoot = version.stateRoot;
    this.#release(version.superseded);
  }

  /** Gives up a version. */
  discard(version: TreeVersion): void {
    this.#release(version.created);
  }

  /** Follows a path of 32 bytes through the committed state. */
  follow(path: Uint8Array): PathEnd {
    const siblings: Uint8Array[] = [];
    let ref = this.#root;
    while (kindOf(ref) === INNER_KIND) {
      const side = bitAt(path, siblings.length);
      const words = this.#nodes.inner.words;
      const offset = this.#nodes.blockOffset(ref) + (1 - side) * HASH_WORDS;
      siblings.push(new Uint8Array(words.slice(offset, offset + HASH_WORDS).buffer));
      ref = this.#nodes.child(ref, side);
    }
    let leaves = this.#leavesOf(ref);
    while (leaves.length > 1) {
      const depth = siblings.length;
      const side = bitAt(path, depth);
      siblings.push(
        this.#subtreeHash(
          leaves.filter((leaf) => bitAt(leaf, depth) !== side),
          depth + 1,
        ),
      );
      leaves = leaves.filter((leaf) => bitAt(leaf, depth) === side);
    }
    return { siblings, absence: absenceOf(path, leaves[0]) };
  }

  /** Nodes in use, of the committed version and of all others that were not discarded. */
  get nodesUsed(): number {
    return this.#nodes.count;
  }

  /** Memory held for nodes, bytes. */
  get byteLength(): number {
    return this.#nodes.byteLength;
  }

  #release(refs: IntegerList): void {
    for (let position = 0; position < refs.length; position++) this.#nodes.release(refs.at(position));
  }

  /** Leaves of a page, 64 bytes each, fresh; none for the empty subtree. */
  #leavesOf(ref: NodeRef): Uint8Array[] {
    if (ref === EMPTY_REF) return [];
    const bytes = this.#nodes.pagesOf(kindOf(ref)).bytes;
    const at = this.#nodes.leafOffset(ref) * 4;
    return Array.from({ length: kindOf(ref) }, (_, leaf) => bytes.slice(at + leaf * LEAF_BYTES, at + (leaf + 1) * LEAF_BYTES));
  }

  #subtreeHash(leaves: readonly Uint8Array[], depth: number): Uint8Array {
    const [first] = leaves;
    if (first === undefined) return EMPTY_SUBTREE.slice();
    if (leaves.length === 1) return leavesFromHashes(this.#cryptography, first.slice(0, HASH_BYTES), first.slice(HASH_BYTES));
    const block = new Uint8Array(HASH_BYTES * 2);
    for (const side of [0, 1]) {
      const part = leaves.filter((leaf) => bitAt(leaf, depth) === side);
      block.set(this.#subtreeHash(part, depth + 1), side * HASH_BYTES);
    }
    const hash = new Uint8Array(HASH_BYTES);
    this.#cryptography.sha256Pairs(block, hash);
    return hash;
  }
}

function absenceOf(path: Uint8Array, leaf: Uint8Array | undefined): AbsenceWitness | undefined {
  if (leaf === undefined) return { kind: 'empty' };
  const keyHash = leaf.slice(0, HASH_BYTES);
  if (keyHash.every((byte, index) => byte === path[index])) return undefined;
  return { kind: 'other', keyHash, valueHash: leaf.slice(HASH_BYTES) };
}
