import type { Cryptography, StateProof, StateRoot } from '@mutual-chain/protocol';
import type { StateIndex } from './state-index.ts';
import { StateIndexLoader } from './state-index-loader.ts';
import { assertUnitsAreBytes, compareStateKeys, type StateKey } from './state-key.ts';
import type { StateChange, StatePreview, StateView } from './state-view.ts';

/** One entry of a state. */
export type StateEntry = { readonly key: StateKey; readonly value: Uint8Array };

/** What a state in memory is made from. */
export type MemoryStateOptions = {
  readonly cryptography: Pick<Cryptography, 'sha256Pairs'>;
  /** Entries to begin with, each key once; none when absent. */
  readonly entries?: Iterable<StateEntry>;
};

/** A whole state in memory. For tests, simulation, genesis and audits; a node keeps its entries on disk. */
export class MemoryState implements StateView {
  readonly #entries: Map<StateKey, Uint8Array> = new Map();
  readonly #index: StateIndex;

  constructor(options: MemoryStateOptions) {
    const loader = new StateIndexLoader(options.cryptography);
    for (const { key, value } of options.entries ?? []) {
      this.#entries.set(key, value);
      loader.add(key, value);
    }
    this.#index = loader.finish();
  }

  /** Root of the committed state. */
  get stateRoot(): StateRoot {
    return this.#index.stateRoot;
  }

  /** Number of entries. */
  get size(): number {
    return this.#entries.size;
  }

  get(key: StateKey): Uint8Array | undefined {
    const value = this.#entries.get(key);
    // What was written has been checked: only a key that is not there can be none.
    if (value === undefined) assertUnitsAreBytes(key);
    return value;
  }

  nextKey(after: StateKey, upTo: StateKey): StateKey | undefined {
    return this.#index.nextKey(after, upTo);
  }

  preview(changes: readonly StateChange[]): StatePreview {
    return this.#index.preview(changes);
  }

  /** Makes the preview the committed state and drops all others. Throws `InvariantError` when the preview is no longer live. */
  promote(preview: StatePreview): void {
    for (const { key, value } of this.#index.promote(preview)) {
      if (value === undefined) this.#entries.delete(key);
      else this.#entries.set(key, value);
    }
  }

  /** Forgets the preview; nothing happens when it is no longer live. */
  drop(preview: StatePreview): void {
    this.#index.drop(preview);
  }

  /** All entries in key order. */
  *entries(): IterableIterator<StateEntry> {
    for (const key of [...this.#entries.keys()].sort(compareStateKeys)) yield { key, value: this.#entries.get(key) as Uint8Array };
  }

  /** Proof that the committed state has the value it has under the key, or none. */
  prove(key: StateKey): StateProof {
    return this.#index.prove(key, this.#entries.get(key));
  }
}
