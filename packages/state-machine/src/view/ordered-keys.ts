import { compareStateKeys, type StateKey } from './state-key.ts';

/** Keys of one chunk; a full chunk is split in two. Moving 512 pointers costs less than a node of any tree. */
const CHUNK_KEYS_MAX = 512;

/** A set of keys in byte order. Adding, deleting and finding the next key cost a binary search and moving part of one chunk. */
export class OrderedKeys {
  /** Chunks in order, none of them empty. */
  readonly #chunks: StateKey[][] = [];

  /** Puts the key in, unless it is there. */
  add(key: StateKey): void {
    const chunkIndex = Math.max(this.#chunkOf(key), 0);
    const chunk = this.#chunks[chunkIndex];
    if (chunk === undefined) {
      this.#chunks.push([key]);
      return;
    }
    const at = firstAbove(chunk, key);
    if (chunk[at - 1] === key) return;
    chunk.splice(at, 0, key);
    if (chunk.length > CHUNK_KEYS_MAX) this.#chunks.splice(chunkIndex + 1, 0, chunk.splice(CHUNK_KEYS_MAX >>> 1));
  }

  /** Takes the key out, if it is there. */
  delete(key: StateKey): void {
    const chunkIndex = this.#chunkOf(key);
    const chunk = this.#chunks[chunkIndex];
    if (chunk === undefined) return;
    const at = firstAbove(chunk, key) - 1;
    if (chunk[at] !== key) return;
    chunk.splice(at, 1);
    if (chunk.length === 0) this.#chunks.splice(chunkIndex, 1);
  }

  /** Smallest key k with after < k ≤ upTo, or undefined. */
  next(after: StateKey, upTo: StateKey): StateKey | undefined {
    const chunkIndex = Math.max(this.#chunkOf(after), 0);
    const chunk = this.#chunks[chunkIndex];
    if (chunk === undefined) return undefined;
    const key = chunk[firstAbove(chunk, after)] ?? this.#chunks[chunkIndex + 1]?.[0];
    return key !== undefined && key <= upTo ? key : undefined;
  }

  /** Index of the last chunk that begins at or before the key; −1 when all begin after it. */
  #chunkOf(key: StateKey): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareStateKeys((this.#chunks[middle] as StateKey[])[0] as StateKey, key) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** Index of the first key of a chunk above the key. */
function firstAbove(chunk: readonly StateKey[], key: StateKey): number {
  let low = 0;
  let high = chunk.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareStateKeys(chunk[middle] as StateKey, key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
