import { createHash } from 'node:crypto';
import { type Cryptography, referenceCryptography, STATE_NAMESPACES, type StateRoot } from '@mutual-chain/protocol';
import { type StateChange, type StateEntry, type StateKey, type StatePreview, type StateView, stateKeyToBytes } from '../../src/index.ts';

/** Any root: nothing in a light run compares roots. */
const NO_ROOT = new Uint8Array(32) as StateRoot;

/** Hashing for runs that compare no roots: ids and derived addresses are real, Merkle trees are not computed. */
export const lightCryptography: Cryptography = {
  ...referenceCryptography,
  sha256: (message) => new Uint8Array(createHash('sha256').update(message).digest()),
  sha256Pairs: () => undefined,
};

/** A state in a map, without a commitment. */
export class LightState implements StateView {
  readonly #values: Map<StateKey, Uint8Array>;
  readonly #scheduled: Set<StateKey>;

  constructor(entries: Iterable<readonly [StateKey, Uint8Array]>) {
    this.#values = new Map(entries);
    this.#scheduled = new Set([...this.#values.keys()].filter(isScheduled));
  }

  get(key: StateKey): Uint8Array | undefined {
    const value = this.#values.get(key);
    // Like every store, it has no bytes for a key that is not made of them.
    if (value === undefined) stateKeyToBytes(key);
    return value;
  }

  nextKey(after: StateKey, upTo: StateKey): StateKey | undefined {
    let next: StateKey | undefined;
    for (const key of this.#scheduled) if (key > after && key <= upTo && (next === undefined || key < next)) next = key;
    return next;
  }

  preview(): StatePreview {
    return { stateRoot: NO_ROOT };
  }

  drop(): void {}

  /** Writes changes. */
  commit(changes: readonly StateChange[]): void {
    for (const { key, value } of changes) {
      if (value === undefined) this.#values.delete(key);
      else this.#values.set(key, value);
      if (!isScheduled(key)) continue;
      if (value === undefined) this.#scheduled.delete(key);
      else this.#scheduled.add(key);
    }
  }

  /** All entries. */
  *entries(): Iterable<StateEntry> {
    for (const [key, value] of this.#values) yield { key, value };
  }
}

function isScheduled(key: StateKey): boolean {
  return key.charCodeAt(0) === STATE_NAMESPACES.schedule;
}
