import { type Address, type BlockHash, type Evidence, equalBytes, type ValidatorSet } from '@mutual-chain/protocol';
import type { BlockFacts, HeightStarted, SignRequest } from '../input.ts';
import type { VerifiedCertificate, VerifiedProposal } from '../messages/verified.ts';
import type { NilReason } from '../round/round-facts.ts';
import { BEFORE_ROUND_0, type RoundState } from '../round/round-state.ts';
import type { ConsensusTiming } from '../timing.ts';
import { createVoteKeeper, type VoteKeeper } from '../votes/vote-keeper.ts';

/** A proposal with the place of its signer in the set. */
export type KeptProposal = {
  readonly proposal: VerifiedProposal;
  readonly position: number;
  /** This node's clock at first receipt, ms. */
  readonly receivedAtMs: number;
};

/** A block whose body is stored durably. */
export type KnownBlock = {
  readonly facts: BlockFacts;
  /** `received`: nobody has asked yet whether it is valid; `validating`: asked. */
  readonly stage: 'received' | 'validating' | 'valid' | 'invalid';
  /** Why it is invalid; empty otherwise. */
  readonly reason: string;
};

/** A nil vote of this node and why. */
export type NilVote = { readonly kind: 'prevote' | 'precommit'; readonly round: number; readonly reason: NilReason };

/** Something this node could not do in its turn, and why. */
export type Incident = { readonly kind: 'buildFailed' | 'signatureRefused'; readonly round: number; readonly reason: string };

/** The block that 2f+1 precommitted, and the round in which they did. */
export type Decision = {
  readonly round: number;
  readonly blockHash: BlockHash;
  /** Why it cannot be committed here; undefined when it can. */
  readonly contradiction: string | undefined;
};

/** Everything that is known of the height that is being decided. */
export type HeightState = {
  readonly height: number;
  readonly validators: ValidatorSet;
  readonly timing: ConsensusTiming;
  /** This node's place in the set; −1 when it only follows. */
  readonly ownPosition: number;
  readonly signing: 'allowed' | 'forbidden';
  /** `waiting` for round 0, `running`, `decided` but not yet committed, or `halted` by a contradiction. */
  readonly phase: 'waiting' | 'running' | 'decided' | 'halted';
  /** The least time since the last block is over. */
  readonly isIntervalOver: boolean;
  /** There is something to decide, or it is time for an empty block. */
  readonly isBlockWanted: boolean;
  readonly round: RoundState;
  /** Proposers of the rounds so far. */
  readonly proposers: readonly Address[];
  /** The validators with the priorities from which the next round's proposer follows. */
  readonly nextPriorities: ValidatorSet;
  readonly keeper: VoteKeeper;
  readonly proposals: readonly KeptProposal[];
  readonly blocks: readonly KnownBlock[];
  /** Bodies that were asked for and have not come. */
  readonly wantedBodies: readonly BlockHash[];
  /** Round for which a block is being built; −1 when none is. */
  readonly buildingRound: number;
  /** What the signer has not answered yet, in order. */
  readonly pendingSignatures: readonly SignRequest[];
  /** The last of what the signer has signed at this height, as far as its answers are known; see last-sign.ts. */
  readonly lastSigned: SignRequest | undefined;
  /** Proof, from elsewhere, that a block of this height is final. */
  readonly certificate: VerifiedCertificate | undefined;
  /** The decision, once made. */
  readonly decision: Decision | undefined;
  readonly nilVotes: readonly NilVote[];
  readonly incidents: readonly Incident[];
  readonly evidence: readonly Evidence[];
};

/** A height of which nothing is known yet. */
export function createHeightState(started: HeightStarted, ownAddress: Address | undefined): HeightState {
  const { height, validators, timing, signing } = started;
  return {
    height,
    validators,
    timing,
    ownPosition: ownAddress === undefined ? -1 : positionOf(validators, ownAddress),
    signing,
    phase: 'waiting',
    isIntervalOver: false,
    isBlockWanted: false,
    round: BEFORE_ROUND_0,
    proposers: [],
    nextPriorities: validators,
    keeper: createVoteKeeper(validators.validators.map(({ power }) => power)),
    proposals: [],
    blocks: [],
    wantedBodies: [],
    buildingRound: -1,
    pendingSignatures: [],
    lastSigned: undefined,
    certificate: undefined,
    decision: undefined,
    nilVotes: [],
    incidents: [],
    evidence: [],
  };
}

/** Place of an address in the set, or −1. */
export function positionOf({ validators }: ValidatorSet, address: Address): number {
  return validators.findIndex((each) => equalBytes(each.address, address));
}

/** The block with this hash, if its body is here. */
export function knownBlock(state: HeightState, blockHash: BlockHash): KnownBlock | undefined {
  return state.blocks.find(({ facts }) => equalBytes(facts.blockHash, blockHash));
}
