import {
  assertInvariant,
  type Cryptography,
  STATE_NAMESPACES,
  type StateProof,
  type StateRoot,
  stateKeyHashes,
} from '@mutual-chain/protocol';
import { orderLeaves } from '../commitment/leaf-batch.ts';
import { LeafHasher } from '../commitment/leaf-hasher.ts';
import type { StateTree, TreeVersion } from '../commitment/state-tree.ts';
import type { OrderedKeys } from './ordered-keys.ts';
import { type StateKey, stateKeyToBytes } from './state-key.ts';
import type { StateChange, StatePreview } from './state-view.ts';

/** Live previews of a state: a height rarely sees more than a proposal a round, and the locked and the valid one are among them. */
const PREVIEWS_MAX = 4;

/** What the index of a state consists of. */
export type StateIndexOptions = {
  readonly cryptography: Pick<Cryptography, 'sha256Pairs'>;
  readonly tree: StateTree;
  /** Keys of the ordered namespace. */
  readonly scheduled: OrderedKeys;
};

type Preview = { readonly changes: readonly StateChange[]; readonly version: TreeVersion };

/**
 * All of a committed state but its values: the commitment, the order of scheduled work, and the previews of what may follow.
 *
 * Who keeps the values, in memory or on disk, builds a `StateView` with it. An index of existing entries is made by `StateIndexLoader`.
 */
export class StateIndex {
  readonly #cryptography: Pick<Cryptography, 'sha256Pairs'>;
  readonly #hasher: LeafHasher;
  readonly #tree: StateTree;
  readonly #scheduled: OrderedKeys;
  readonly #previews: Map<StatePreview, Preview> = new Map();

  constructor(options: StateIndexOptions) {
    this.#cryptography = options.cryptography;
    this.#hasher = new LeafHasher(options.cryptography);
    this.#tree = options.tree;
    this.#scheduled = options.scheduled;
  }

  /** Root of the committed state. */
  get stateRoot(): StateRoot {
    return this.#tree.stateRoot;
  }

  /** Smallest key k of the ordered namespace with after < k ≤ upTo, or undefined. */
  nextKey(after: StateKey, upTo: StateKey): StateKey | undefined {
    return this.#scheduled.next(after, upTo);
  }

  /** Root after these changes, each key once. Throws `InvariantError` when `PREVIEWS_MAX` previews are live. */
  preview(changes: readonly StateChange[]): StatePreview {
    assertInvariant(this.#previews.size < PREVIEWS_MAX, `a state has at most ${PREVIEWS_MAX} live previews: promote or drop one first`);
    const leaves = this.#hasher.hash(
      changes.map(({ key }) => key),
      changes.map(({ value }) => value),
    );
    const version = this.#tree.update(orderLeaves(leaves));
    const preview: StatePreview = { stateRoot: version.stateRoot };
    this.#previews.set(preview, { changes, version });
    return preview;
  }

  /** Changes of a live preview. Throws `InvariantError` when it is not live. */
  changesOf(preview: StatePreview): readonly StateChange[] {
    return this.#live(preview).changes;
  }

  /**
   * Makes the preview the committed state, drops all others, and returns its changes for the values.
   * Throws `InvariantError` when the preview is no longer live.
   */
  promote(preview: StatePreview): readonly StateChange[] {
    const { changes, version } = this.#live(preview);
    this.#previews.delete(preview);
    for (const other of this.#previews.values()) this.#tree.discard(other.version);
    this.#previews.clear();
    this.#tree.commit(version);
    for (const { key, value } of changes) {
      if (key.charCodeAt(0) !== STATE_NAMESPACES.schedule) continue;
      if (value === undefined) this.#scheduled.delete(key);
      else this.#scheduled.add(key);
    }
    return changes;
  }

  /** Forgets the preview; nothing happens when it is no longer live. */
  drop(preview: StatePreview): void {
    const known = this.#previews.get(preview);
    if (known === undefined) return;
    this.#previews.delete(preview);
    this.#tree.discard(known.version);
  }

  /** Proof that the committed state has this value under the key, or none. The value is what the owner of the values has. */
  prove(key: StateKey, value: Uint8Array | undefined): StateProof {
    const keyBytes = stateKeyToBytes(key);
    const { siblings, absence } = this.#tree.follow(stateKeyHashes(this.#cryptography, [keyBytes]));
    assertInvariant((value === undefined) === (absence !== undefined), 'the commitment and the values disagree about which entries exist');
    return { key: keyBytes, value, siblings, absence };
  }

  #live(preview: StatePreview): Preview {
    const known = this.#previews.get(preview);
    assertInvariant(known !== undefined, 'a preview is no longer live: it was promoted or dropped, another was promoted, or it is foreign');
    return known;
  }
}
