import type { StateRoot } from '@mutual-chain/protocol';
import type { StateKey } from './state-key.ts';

/** One write: a new value, or undefined to delete. */
export type StateChange = { readonly key: StateKey; readonly value: Uint8Array | undefined };

/** Handle of a set of changes whose root is known but which nobody has committed. Only the owner of the state can promote or drop it. */
export type StatePreview = { readonly stateRoot: StateRoot };

/**
 * Synchronous read of one committed state.
 *
 * `preview` computes the root after changes without disturbing what `get` and `nextKey` answer.
 */
export type StateView = {
  /** Value of the entry, or undefined. The bytes are not to be changed. */
  readonly get: (key: StateKey) => Uint8Array | undefined;
  /** Smallest key k of the ordered namespace (scheduled work) with after < k ≤ upTo, or undefined. */
  readonly nextKey: (after: StateKey, upTo: StateKey) => StateKey | undefined;
  /** Root after these changes (each key once; deleting what is absent changes nothing), and the handle to promote or drop it. */
  readonly preview: (changes: readonly StateChange[]) => StatePreview;
  /** Forgets a preview that will not be promoted; nothing happens when it is not live any more. */
  readonly drop: (preview: StatePreview) => void;
};
