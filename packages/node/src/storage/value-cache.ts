import type { StateKey } from '@mutual-chain/state-machine';

/** Values of recently used entries, or that there is none. Holds at most `entriesMax`; what has been in longest leaves first. */
export class ValueCache {
  readonly #values: Map<StateKey, Uint8Array | undefined> = new Map();
  readonly #entriesMax: number;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  /** Whether the cache knows about the key. */
  has(key: StateKey): boolean {
    return this.#values.has(key);
  }

  /** The value it knows, which may be that there is none. */
  get(key: StateKey): Uint8Array | undefined {
    return this.#values.get(key);
  }

  /** Remembers a value read or committed; undefined remembers that there is none. */
  set(key: StateKey, value: Uint8Array | undefined): void {
    if (!this.#values.has(key) && this.#values.size >= this.#entriesMax) {
      const oldest = this.#values.keys().next();
      if (oldest.done !== true) this.#values.delete(oldest.value);
    }
    this.#values.set(key, value);
  }

  /** Forgets everything. */
  clear(): void {
    this.#values.clear();
  }
}
