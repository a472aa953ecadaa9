import type { Codec } from '@mutual-chain/protocol';
import type { StateKey } from '../view/state-key.ts';

/** One kind of state entry: where an entry lies and what its canonical bytes are. */
export type Table<Key, Value> = {
  /** For messages of invariants. */
  readonly name: string;
  /** First byte of all its keys, one of `STATE_NAMESPACES`. */
  readonly namespace: number;
  readonly keyOf: (key: Key) => StateKey;
  /** Whether two keys are known to be the same without looking at bytes: by identity. False only costs time. */
  readonly isSameKey: (left: Key, right: Key) => boolean;
  readonly codec: Codec<Value>;
};
