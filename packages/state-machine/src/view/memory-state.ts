import { assertInvariant, type Cryptography, type StateRoot } from '@mutual-chain/protocol';
import { stateRootOf } from '../commitment/state-root-of.ts';
import { compareStateKeys, type StateKey } from './state-key.ts';
import type { StateChange, StatePreview, StateView } from './state-view.ts';

/** One entry of a state. */
export type StateEntry = { readonly key: StateKey; readonly value: Uint8Array };

/** What a state in memory is made from. */
export type MemoryStateOptions = {
  readonly cryptography: Pick<Cryptography, 'sha256Pairs'>;
  /** Entries to begin with, each key once; none when absent. */
  readonly entries?: Iterable<StateEntry>;
};

/** Live previews a state keeps: a height rarely sees more than a proposal a round, and the locked and the valid one are among them. */
export const PREVIEWS_MAX = 4;

/** A whole state in memory. For tests, simulation, genesis and audits; a node keeps its entries on disk. */
export class MemoryState implements StateView {
  readonly #cryptography: Pick<Cryptography, 'sha256Pairs'>;
  readonly #entries: Map<StateKey, Uint8Array> = new Map();
  readonly #previews: Map<StatePreview, readonly StateChange[]> = new Map();
  #stateRoot: StateRoot;

  constructor(options: MemoryStateOptions) {
    this.#cryptography = options.cryptography;
    for (const { key, value } of options.entries ?? []) {
      assertInvariant(!this.#entries.has(key), 'an entry is listed twice');
      this.#entries.set(key, value);
    }
    this.#stateRoot = stateRootOf(this.#cryptography, this.#entries);
  }

  /** Root of the committed state. */
  get stateRoot(): StateRoot {
    return this.#stateRoot;
  }

  get(key: StateKey): Uint8Array | undefined {
    return this.#entries.get(key);
  }

  nextKey(after: StateKey, upTo: StateKey): StateKey | undefined {
    let next: StateKey | undefined;
    for (const key of this.#entries.keys()) if (key > after && key <= upTo && (next === undefined || key < next)) next = key;
    return next;
  }

  preview(changes: readonly StateChange[]): StatePreview {
    assertInvariant(this.#previews.size < PREVIEWS_MAX, `a state has at most ${PREVIEWS_MAX} live previews: promote or drop one first`);
    const preview: StatePreview = { stateRoot: stateRootOf(this.#cryptography, applied(this.#entries, changes)) };
    this.#previews.set(preview, changes);
    return preview;
  }

  /** Makes the preview the committed state and drops all others. Throws `InvariantError` when the preview is no longer live. */
  promote(preview: StatePreview): void {
    const changes = this.#previews.get(preview);
    assertInvariant(changes !== undefined, 'a preview is promoted that was promoted or dropped before, or belongs to another state');
    for (const { key, value } of changes) {
      if (value === undefined) this.#entries.delete(key);
      else this.#entries.set(key, value);
    }
    this.#stateRoot = preview.stateRoot;
    this.#previews.clear();
  }

  /** Forgets the preview; nothing happens when it is no longer live. */
  drop(preview: StatePreview): void {
    this.#previews.delete(preview);
  }

  /** All entries in key order. */
  *entries(): IterableIterator<StateEntry> {
    for (const key of [...this.#entries.keys()].sort(compareStateKeys)) yield { key, value: this.#entries.get(key) as Uint8Array };
  }
}

function applied(entries: ReadonlyMap<StateKey, Uint8Array>, changes: readonly StateChange[]): Map<StateKey, Uint8Array> {
  const next = new Map(entries);
  const changed = new Set<StateKey>();
  for (const { key, value } of changes) {
    assertInvariant(!changed.has(key), 'a key is changed twice in one set of changes');
    changed.add(key);
    if (value === undefined) next.delete(key);
    else next.set(key, value);
  }
  return next;
}
