import type { Codec } from '@mutual-chain/protocol';
import type { StateKey } from '../view/state-key.ts';

/** One kind of state entry: where an entry lies and what its canonical bytes are. */
export type Table<Key, Value> = {
  /** For messages of invariants. */
  readonly name: string;
  readonly keyOf: (key: Key) => StateKey;
  readonly codec: Codec<Value>;
};
