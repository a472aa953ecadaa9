import type { BlockHash, VoteKind } from '@mutual-chain/protocol';

/** Which validators' votes for one value are held. */
export type VoteSummary = {
  readonly kind: VoteKind;
  readonly round: number;
  /** undefined is nil. */
  readonly blockHash: BlockHash | undefined;
  /** Positions in the validator set, ascending. */
  readonly positions: readonly number[];
};

/** What a node has at the height it works on: the bitmaps by which others know what it lacks. */
export type PeerStatus = {
  readonly height: number;
  /** −1 while it waits for round 0. */
  readonly round: number;
  /** Block of the proposal that it holds for its round. */
  readonly proposal: BlockHash | undefined;
  /** Votes of its current and previous round, and the prevotes behind its valid value. */
  readonly votes: readonly VoteSummary[];
};
