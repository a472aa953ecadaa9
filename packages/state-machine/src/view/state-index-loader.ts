import { type Cryptography, STATE_NAMESPACES } from '@mutual-chain/protocol';
import { LeafHasher } from '../commitment/leaf-hasher.ts';
import { TreeLoader } from '../commitment/tree-loader.ts';
import { OrderedKeys } from './ordered-keys.ts';
import { StateIndex } from './state-index.ts';
import type { StateKey } from './state-key.ts';

/** Entries that are hashed together: enough to make the calls of the hash function cheap. */
const BATCH_ENTRIES = 4096;

/** Builds the index of a state from all its entries, each given once and in any order. */
export class StateIndexLoader {
  readonly #cryptography: Pick<Cryptography, 'sha256Pairs'>;
  readonly #hasher: LeafHasher;
  readonly #tree: TreeLoader;
  readonly #scheduled: OrderedKeys = new OrderedKeys();
  #keys: StateKey[] = [];
  #values: Uint8Array[] = [];

  constructor(cryptography: Pick<Cryptography, 'sha256Pairs'>) {
    this.#cryptography = cryptography;
    this.#hasher = new LeafHasher(cryptography);
    this.#tree = new TreeLoader(cryptography);
  }

  /** Adds an entry. The value may not be changed before `finish`. */
  add(key: StateKey, value: Uint8Array): void {
    this.#keys.push(key);
    this.#values.push(value);
    if (key.charCodeAt(0) === STATE_NAMESPACES.schedule) this.#scheduled.add(key);
    if (this.#keys.length === BATCH_ENTRIES) this.#flush();
  }

  /** The index of all entries. To be called once. Throws `InvariantError` when a key was added twice. */
  finish(): StateIndex {
    this.#flush();
    return new StateIndex({ cryptography: this.#cryptography, tree: this.#tree.finish(), scheduled: this.#scheduled });
  }

  #flush(): void {
    this.#tree.add(this.#hasher.hash(this.#keys, this.#values));
    this.#keys = [];
    this.#values = [];
  }
}
