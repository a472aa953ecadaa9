import { assertInvariant, type Cryptography, encodeUtf8, STATE_KEY_BYTES_MAX } from '@mutual-chain/protocol';
import type { StateKey } from '../view/state-key.ts';
import { copyHash, HASH_WORDS, LEAF_WORDS } from './tree-nodes.ts';

/** Key hash and value hash of leaves in any order, 64 bytes each; the value hash of one that is not present is of no meaning. */
export type UnorderedLeaves = {
  readonly count: number;
  readonly words: Uint32Array;
  /** 1 for a leaf to write, 0 for one to delete. */
  readonly present: Uint8Array;
};

const HASH_BYTES = 32;
const BLOCK_BYTES = 64;
const KEY_TAG = encodeUtf8('mutual/state/key');

/** Entries that are hashed together: the calls of the hash function are cheap already, and the blocks still fit in the cache. */
const ROUND_ENTRIES = 1024;

/** Bytes of scratch that are kept; a round of large values gives back what it needed beyond. */
const KEPT_BYTES_MAX = 2 ** 20;

/**
 * Hashes keys and values of entries by the thousand, as `stateKeyHashes` and `byteStringRoots` of the protocol do one by one: the same
 * bytes, without an array for each.
 */
export class LeafHasher {
  readonly #cryptography: Pick<Cryptography, 'sha256Pairs'>;
  /** Blocks of keys, whose tags stand already at their ends. */
  readonly #keyBlocks: Uint8Array = keyBlocks();
  /** Blocks of a value's root and length; all but the first four bytes of the length stay zero. */
  readonly #lengthBlocks: Uint8Array = new Uint8Array(ROUND_ENTRIES * BLOCK_BYTES);
  readonly #lengthWords: Uint32Array = new Uint32Array(this.#lengthBlocks.buffer);
  readonly #hashes: Uint8Array = new Uint8Array(ROUND_ENTRIES * HASH_BYTES);
  readonly #hashWords: Uint32Array = new Uint32Array(this.#hashes.buffer);
  /** Width of each value of a round in chunks, 0 for a deletion. */
  readonly #widths: Int32Array = new Int32Array(ROUND_ENTRIES);
  #chunks: Uint8Array = new Uint8Array(0);
  #reduced: Uint8Array = new Uint8Array(0);

  constructor(cryptography: Pick<Cryptography, 'sha256Pairs'>) {
    this.#cryptography = cryptography;
  }

  /** Leaves of the entries, in their order; a value of undefined is a deletion. */
  hash(keys: readonly StateKey[], values: readonly (Uint8Array | undefined)[]): UnorderedLeaves {
    const count = keys.length;
    const words = new Uint32Array(count * LEAF_WORDS);
    const present = new Uint8Array(count);
    for (let number = 0; number < count; number++) present[number] = values[number] === undefined ? 0 : 1;
    for (let from = 0; from < count; from += ROUND_ENTRIES) {
      const to = Math.min(from + ROUND_ENTRIES, count);
      this.#hashKeys(keys, from, to, words);
      this.#hashValues(values, from, to, words);
    }
    return { count, words, present };
  }

  #hashKeys(keys: readonly StateKey[], from: number, to: number, words: Uint32Array): void {
    for (let number = from; number < to; number++) {
      writeKey(this.#keyBlocks, (number - from) * BLOCK_BYTES, keys[number] as StateKey);
    }
    this.#hashBlocks(this.#keyBlocks, to - from);
    for (let number = from; number < to; number++) copyHash(words, number * LEAF_WORDS, this.#hashWords, (number - from) * HASH_WORDS);
  }

  #hashValues(values: readonly (Uint8Array | undefined)[], from: number, to: number, words: Uint32Array): void {
    let widest = 0;
    for (let number = from; number < to; number++) {
      const width = widthOf(values[number]);
      this.#widths[number - from] = width;
      widest = Math.max(widest, width);
    }
    for (let width = 1; width <= widest; width *= 2) this.#hashValuesOfWidth(values, from, to, width, words);
    if (this.#chunks.length <= KEPT_BYTES_MAX) return;
    this.#chunks = new Uint8Array(0);
    this.#reduced = new Uint8Array(0);
  }

  #hashValuesOfWidth(values: readonly (Uint8Array | undefined)[], from: number, to: number, width: number, words: Uint32Array): void {
    const valueBytes = width * HASH_BYTES;
    let count = 0;
    for (let number = from; number < to; number++) if (this.#widths[number - from] === width) count++;
    if (count === 0) return;
    this.#reserve(count * valueBytes);
    this.#chunks.fill(0, 0, count * valueBytes);
    let position = 0;
    for (let number = from; number < to; number++) {
      if (this.#widths[number - from] !== width) continue;
      const value = values[number] as Uint8Array;
      this.#chunks.set(value, position * valueBytes);
      writeLength(this.#lengthBlocks, position * BLOCK_BYTES + HASH_BYTES, value.length);
      position++;
    }
    const roots = this.#reduce(count, width);
    for (let index = 0; index < count; index++) copyHash(this.#lengthWords, index * LEAF_WORDS, roots, index * HASH_WORDS);
    this.#hashBlocks(this.#lengthBlocks, count);
    position = 0;
    for (let number = from; number < to; number++) {
      if (this.#widths[number - from] !== width) continue;
      copyHash(words, number * LEAF_WORDS + HASH_WORDS, this.#hashWords, position * HASH_WORDS);
      position++;
    }
  }

  /** Roots over the chunks of `count` values of the same width. */
  #reduce(count: number, width: number): Uint32Array {
    let from = this.#chunks;
    let to = this.#reduced;
    for (let chunks = count * width; chunks > count; chunks >>>= 1) {
      this.#cryptography.sha256Pairs(from.subarray(0, chunks * HASH_BYTES), to.subarray(0, (chunks >>> 1) * HASH_BYTES));
      [from, to] = [to, from];
    }
    return new Uint32Array(from.buffer, 0, count * HASH_WORDS);
  }

  #hashBlocks(blocks: Uint8Array, count: number): void {
    this.#cryptography.sha256Pairs(blocks.subarray(0, count * BLOCK_BYTES), this.#hashes.subarray(0, count * HASH_BYTES));
  }

  #reserve(bytes: number): void {
    if (this.#chunks.length >= bytes) return;
    this.#chunks = new Uint8Array(bytes);
    this.#reduced = new Uint8Array(bytes);
  }
}

/** Chunks of a value, padded to a power of two, at least one; 0 for a deletion. */
function widthOf(value: Uint8Array | undefined): number {
  if (value === undefined) return 0;
  let width = 1;
  while (width * HASH_BYTES < value.length) width *= 2;
  return width;
}

function writeKey(blocks: Uint8Array, at: number, key: StateKey): void {
  const { length } = key;
  assertInvariant(length >= 1 && length <= STATE_KEY_BYTES_MAX, 'a state key has 1 to 47 bytes');
  let units = 0;
  for (let index = 0; index < length; index++) {
    const unit = key.charCodeAt(index);
    units |= unit;
    blocks[at + index] = unit;
  }
  assertInvariant(units <= 0xff, 'every UTF-16 unit of a state key is a byte');
  for (let index = length; index < STATE_KEY_BYTES_MAX; index++) blocks[at + index] = 0;
  blocks[at + STATE_KEY_BYTES_MAX] = length;
}

function writeLength(bytes: Uint8Array, at: number, length: number): void {
  bytes[at] = length & 0xff;
  bytes[at + 1] = (length >>> 8) & 0xff;
  bytes[at + 2] = (length >>> 16) & 0xff;
  bytes[at + 3] = length >>> 24;
}

function keyBlocks(): Uint8Array {
  const blocks = new Uint8Array(ROUND_ENTRIES * BLOCK_BYTES);
  for (let at = 0; at < blocks.length; at += BLOCK_BYTES) blocks.set(KEY_TAG, at + BLOCK_BYTES - KEY_TAG.length);
  return blocks;
}
