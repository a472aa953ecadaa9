import type { Address, BlockHash, VoteKind } from '@mutual-chain/protocol';

/** Why a validator voted nil. */
export type NilReason =
  /** No proposal came in time. */
  | 'noProposal'
  /** The body of the proposed block did not come, or its validation did not end, in time. */
  | 'notValidated'
  /** The proposal names a round of a prevote quorum, and that quorum was not seen in time. */
  | 'noPrevoteQuorum'
  /** Locked on another value. */
  | 'lockedOnOther'
  /** The block does not follow from its parent's state. */
  | 'invalid'
  /** The block names a proposer whose turn it was not. */
  | 'wrongProposer'
  /** The block's time is too far from the time of arrival. */
  | 'untimely'
  /** A precommit: 2f+1 prevoted nil. */
  | 'nilQuorum'
  /** A precommit: no value got 2f+1 prevotes in time. */
  | 'noQuorum';

/** A proposal of the right proposer, as the rules of a round see it. */
export type ProposalFacts = {
  readonly blockHash: BlockHash;
  readonly validRound: number;
  readonly proposer: Address;
  /** This node's clock at first receipt, ms. */
  readonly receivedAtMs: number;
};

/** What the rules of a round may ask; the answers stay the same while one input is worked on. */
export type RoundFacts = {
  /** Proposals of the round by the proposer of the round, in order of arrival. */
  readonly proposalsOf: (round: number) => readonly ProposalFacts[];
  /** Whether a block follows from its parent's state; `unknown` until its body is here and executed. */
  readonly validity: (blockHash: BlockHash) => 'valid' | 'invalid' | 'unknown';
  /** First proposer and time of a block whose body is here. */
  readonly headerOf: (blockHash: BlockHash) => { readonly proposer: Address; readonly timestampMs: number } | undefined;
  /** Whether the address is the proposer of some round up to this one. */
  readonly isProposerUpTo: (address: Address, round: number) => boolean;
  /** Whether a proposal of this round arrived near the time of its block. */
  readonly isTimely: (timestampMs: number, receivedAtMs: number, round: number) => boolean;
  /** 2f+1 for a value; undefined is nil. */
  readonly hasQuorumFor: (kind: VoteKind, round: number, blockHash: BlockHash | undefined) => boolean;
  /** 2f+1 for any values. */
  readonly hasQuorumOfAny: (kind: VoteKind, round: number) => boolean;
  /** Blocks with 2f+1 prevotes, by round, ascending. */
  readonly prevoteQuorums: () => readonly { readonly round: number; readonly blockHash: BlockHash }[];
  /** Blocks with 2f+1 precommits, of any round. */
  readonly precommitQuorums: () => readonly { readonly round: number; readonly blockHash: BlockHash }[];
  /** Highest round above the current one in which f+1 sent anything. */
  readonly roundAhead: () => number | undefined;
};
