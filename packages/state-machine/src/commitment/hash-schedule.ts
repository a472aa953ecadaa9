import { type Cryptography, LEAF_TAG } from '@mutual-chain/protocol';
import { EMPTY_REF, type NodeRef } from './node-ref.ts';
import { BLOCK_WORDS, copyHash, copyLeaf, HASH_WORDS, LEAF_WORDS, type TreeNodes } from './tree-nodes.ts';

const FIRST_CAPACITY = 32;

/** Hash of the empty subtree. */
const NO_HASH = new Uint32Array(HASH_WORDS);

/** Hashes of one kind whose memory is kept for the next update; what one large update needed beyond it is given back. */
const KEPT_CAPACITY_MAX = 65_536;

/** Hashes to be computed at one depth, each from a block of two hashes. */
class HashLevel {
  length = 0;
  capacity: number = FIRST_CAPACITY;
  blocks: Uint32Array = new Uint32Array(FIRST_CAPACITY * BLOCK_WORDS);
  /** Inner node that keeps the block, or the empty ref when no node does. */
  nodes: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** Half of a block of the level above that takes the hash. */
  slots: Int32Array = new Int32Array(FIRST_CAPACITY);

  grow(): void {
    this.capacity *= 2;
    this.blocks = grown(this.blocks, this.capacity * BLOCK_WORDS);
    this.nodes = grownIntegers(this.nodes, this.capacity);
    this.slots = grownIntegers(this.slots, this.capacity);
  }
}

/**
 * The hashes that an update makes necessary, computed all at once: leaves first, then level by level from the deepest, with one call of
 * the hash function for each.
 *
 * Level n holds the nodes at depth n − 1; the root of a subtree at depth n arrives in level n. A slot is half a block: 2 × the number of the
 * block, plus 1 for the right half. The memory is kept between updates.
 */
export class HashSchedule {
  readonly #cryptography: Pick<Cryptography, 'sha256Pairs'>;
  #levels: HashLevel[] = [new HashLevel()];
  #leafCount = 0;
  #leafCapacity: number = FIRST_CAPACITY;
  #leaves: Uint32Array = new Uint32Array(FIRST_CAPACITY * LEAF_WORDS);
  /** Blocks whose right half is the tag of leaves. */
  #tagged: Uint32Array = taggedBlocks(FIRST_CAPACITY);
  #leafLevels: Int32Array = new Int32Array(FIRST_CAPACITY);
  #leafSlots: Int32Array = new Int32Array(FIRST_CAPACITY);
  #digests: Uint32Array = new Uint32Array(FIRST_CAPACITY * HASH_WORDS);

  constructor(cryptography: Pick<Cryptography, 'sha256Pairs'>) {
    this.#cryptography = cryptography;
  }

  /** Schedules the hash of a node, or of the root of a subtree within a page, and returns the number of its block at the level. */
  add(level: number, node: NodeRef): number {
    const here = this.#at(level);
    if (here.length === here.capacity) here.grow();
    here.nodes[here.length] = node;
    return here.length++;
  }

  #at(level: number): HashLevel {
    while (this.#levels.length <= level) this.#levels.push(new HashLevel());
    return this.#levels[level] as HashLevel;
  }

  /** Says which slot of the level above takes the hash of a block. */
  place(level: number, block: number, slot: number): void {
    (this.#levels[level] as HashLevel).slots[block] = slot;
  }

  /** Writes a hash that is known already into a slot. */
  setHash(level: number, slot: number, words: Uint32Array, offset: number): void {
    copyHash(this.#at(level).blocks, slot * HASH_WORDS, words, offset);
  }

  /** Makes a slot that of the empty subtree. */
  setEmpty(level: number, slot: number): void {
    copyHash(this.#at(level).blocks, slot * HASH_WORDS, NO_HASH, 0);
  }

  /** Schedules the hashes of leaves that lie side by side and returns the number of the first. */
  addLeaves(words: Uint32Array, offset: number, count: number): number {
    while (this.#leafCount + count > this.#leafCapacity) this.#growLeaves();
    const first = this.#leafCount;
    for (let leaf = 0; leaf < count; leaf++) copyLeaf(this.#leaves, (first + leaf) * LEAF_WORDS, words, offset + leaf * LEAF_WORDS);
    this.#leafCount += count;
    return first;
  }

  /** Says which slot takes the hash of a leaf. */
  placeLeaf(leaf: number, level: number, slot: number): void {
    this.#leafLevels[leaf] = level;
    this.#leafSlots[leaf] = slot;
  }

  /** Computes everything below a level, stores the blocks of inner nodes with them, and writes out what arrived in the level's first slot. */
  run(nodes: TreeNodes, level: number, hash: Uint32Array): void {
    this.#hashLeaves();
    for (let below = this.#levels.length - 1; below > level; below--) this.#hashLevel(below, nodes);
    copyHash(hash, 0, this.#at(level).blocks, 0);
    this.#giveBack();
  }

  #hashLeaves(): void {
    const count = this.#leafCount;
    if (count === 0) return;
    this.#hash(this.#leaves, count);
    for (let leaf = 0; leaf < count; leaf++) copyHash(this.#tagged, leaf * BLOCK_WORDS, this.#digests, leaf * HASH_WORDS);
    this.#hash(this.#tagged, count);
    for (let leaf = 0; leaf < count; leaf++) {
      this.setHash(this.#leafLevels[leaf] as number, this.#leafSlots[leaf] as number, this.#digests, leaf * HASH_WORDS);
    }
    this.#leafCount = 0;
  }

  #hashLevel(level: number, nodes: TreeNodes): void {
    const { length, blocks, nodes: owners, slots } = this.#levels[level] as HashLevel;
    if (length === 0) return;
    for (let block = 0; block < length; block++) {
      const owner = owners[block] as number;
      if (owner !== EMPTY_REF) copyLeaf(nodes.inner.words, nodes.blockOffset(owner), blocks, block * BLOCK_WORDS);
    }
    this.#hash(blocks, length);
    for (let block = 0; block < length; block++) this.setHash(level - 1, slots[block] as number, this.#digests, block * HASH_WORDS);
    (this.#levels[level] as HashLevel).length = 0;
  }

  #hash(blocks: Uint32Array, count: number): void {
    if (this.#digests.length < count * HASH_WORDS) this.#digests = new Uint32Array(count * 2 * HASH_WORDS);
    this.#cryptography.sha256Pairs(
      new Uint8Array(blocks.buffer, 0, count * BLOCK_WORDS * 4),
      new Uint8Array(this.#digests.buffer, 0, count * HASH_WORDS * 4),
    );
  }

  #growLeaves(): void {
    this.#leafCapacity *= 2;
    this.#leaves = grown(this.#leaves, this.#leafCapacity * LEAF_WORDS);
    this.#tagged = taggedBlocks(this.#leafCapacity);
    this.#leafLevels = grownIntegers(this.#leafLevels, this.#leafCapacity);
    this.#leafSlots = grownIntegers(this.#leafSlots, this.#leafCapacity);
  }

  #giveBack(): void {
    this.#levels = this.#levels.map((level) => (level.capacity > KEPT_CAPACITY_MAX ? new HashLevel() : level));
    if (this.#digests.length > KEPT_CAPACITY_MAX * 2 * HASH_WORDS) this.#digests = new Uint32Array(FIRST_CAPACITY * HASH_WORDS);
    if (this.#leafCapacity <= KEPT_CAPACITY_MAX) return;
    this.#leafCapacity = FIRST_CAPACITY;
    this.#leaves = new Uint32Array(FIRST_CAPACITY * LEAF_WORDS);
    this.#tagged = taggedBlocks(FIRST_CAPACITY);
    this.#leafLevels = new Int32Array(FIRST_CAPACITY);
    this.#leafSlots = new Int32Array(FIRST_CAPACITY);
  }
}

function grown(words: Uint32Array, length: number): Uint32Array {
  const larger = new Uint32Array(length);
  larger.set(words);
  return larger;
}

function grownIntegers(integers: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(integers);
  return larger;
}

function taggedBlocks(count: number): Uint32Array {
  const blocks = new Uint32Array(count * BLOCK_WORDS);
  const bytes = new Uint8Array(blocks.buffer);
  for (let at = BLOCK_WORDS * 2; at < bytes.length; at += BLOCK_WORDS * 4) bytes.set(LEAF_TAG, at);
  return blocks;
}
