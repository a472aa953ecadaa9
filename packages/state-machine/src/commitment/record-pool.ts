import { assertInvariant } from '@mutual-chain/protocol';
import { NODES_PER_KIND_MAX } from './node-ref.ts';

const FIRST_CAPACITY = 64;

/**
 * Records of equal size in one piece of memory, handed out by index and taken back.
 *
 * The same memory is seen as words, to be copied, and as bytes, to be read: words are never interpreted, so the byte order of the machine
 * does not matter. `allocate` may replace both arrays when it needs more room: read them anew after it. They grow by half, and memory
 * that was never touched is not resident. The record returned last goes out first, while it is in the cache.
 */
export class RecordPool {
  readonly wordsPerRecord: number;
  words: Uint32Array;
  bytes: Uint8Array;
  #capacity: number = FIRST_CAPACITY;
  #used = 0;
  #free: Int32Array = new Int32Array(FIRST_CAPACITY);
  #freeCount = 0;

  constructor(wordsPerRecord: number) {
    this.wordsPerRecord = wordsPerRecord;
    this.words = new Uint32Array(FIRST_CAPACITY * wordsPerRecord);
    this.bytes = new Uint8Array(this.words.buffer);
  }

  /** Index of a record that nobody has; its words are of no meaning. */
  allocate(): number {
    if (this.#freeCount > 0) return this.#free[--this.#freeCount] as number;
    if (this.#used === this.#capacity) this.#grow();
    return this.#used++;
  }

  /** Reads a little of the records that will be handed out next, at most so many: see `TreeUpdate`. Returns a sum that is of no meaning. */
  touchNext(count: number): number {
    let sum = 0;
    for (let position = this.#freeCount - 1; position >= 0 && position >= this.#freeCount - count; position--) {
      sum = (sum + this.touch(this.#free[position] as number)) | 0;
    }
    return sum;
  }

  /** Reads a word of every 64 bytes of a record and the last one. Returns a sum that is of no meaning. */
  touch(index: number): number {
    const at = index * this.wordsPerRecord;
    const last = at + this.wordsPerRecord - 1;
    let sum = this.words[last] as number;
    for (let word = at; word < last; word += 16) sum = (sum + (this.words[word] as number)) | 0;
    return sum;
  }

  /** Takes a record back. */
  release(index: number): void {
    if (this.#freeCount === this.#free.length) {
      const free = new Int32Array(this.#freeCount * 2);
      free.set(this.#free);
      this.#free = free;
    }
    this.#free[this.#freeCount++] = index;
  }

  /** Records that are out. */
  get count(): number {
    return this.#used - this.#freeCount;
  }

  /** Memory that was ever touched, bytes. */
  get byteLength(): number {
    return this.#used * this.wordsPerRecord * 4 + this.#free.byteLength;
  }

  #grow(): void {
    assertInvariant(this.#capacity < NODES_PER_KIND_MAX, 'the state commitment is full');
    this.#capacity = Math.min(this.#capacity + (this.#capacity >>> 1), NODES_PER_KIND_MAX);
    const words = new Uint32Array(this.#capacity * this.wordsPerRecord);
    words.set(this.words);
    this.words = words;
    this.bytes = new Uint8Array(words.buffer);
  }
}
