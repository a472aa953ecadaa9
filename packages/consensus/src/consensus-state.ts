import type { Address } from '@mutual-chain/protocol';
import type { HeightState } from './height/height-state.ts';
import type { EarlyMessage } from './height/next-height.ts';
import type { Peer } from './height/resending.ts';

/** All that consensus remembers. Immutable: every step makes a new one. */
export type ConsensusState = {
  /** Address of this node's validator key; undefined for a node that has none. */
  readonly ownAddress: Address | undefined;
  /** The height being decided; undefined before the first `heightStarted`. */
  readonly current: HeightState | undefined;
  /** Messages of the height after it. */
  readonly early: readonly EarlyMessage[];
  /** Highest height of which a verified certificate is known: at and below it this node signs nothing more. */
  readonly certifiedHeight: number;
  readonly peers: readonly Peer[];
};

/** Consensus before its first height. */
export function createConsensusState(ownAddress: Address | undefined): ConsensusState {
  return { ownAddress, current: undefined, early: [], certifiedHeight: -1, peers: [] };
}
