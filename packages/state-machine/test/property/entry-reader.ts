import type { StateKey, Table } from '../../src/index.ts';

/** Reads entries of a state that changes between reads, decoding each only when its bytes are others than last time. */
export class EntryReader {
  readonly #get: (key: StateKey) => Uint8Array | undefined;
  readonly #decoded = new Map<StateKey, { readonly bytes: Uint8Array; readonly value: unknown }>();

  constructor(get: (key: StateKey) => Uint8Array | undefined) {
    this.#get = get;
  }

  /** The entry under a key of the table, or undefined when there is none. */
  read<Value>(table: Table<never, Value>, key: StateKey): Value | undefined {
    const bytes = this.#get(key);
    if (bytes === undefined) return undefined;
    const known = this.#decoded.get(key);
    if (known?.bytes === bytes) return known.value as Value;
    const value = table.codec.decode(bytes);
    this.#decoded.set(key, { bytes, value });
    return value;
  }
}
