import type { NilReason } from '../round/round-facts.ts';
import type { RoundStep } from '../round/round-state.ts';
import type { RoundTimeoutKind } from '../timing.ts';

/*
 * Why there is no new block, as data: numbers, texts, lists and null only, so that it goes through JSON as it is. Blocks are their hashes in
 * hex, validators their addresses in EIP-55, powers decimal texts.
 */

/** The votes of one kind in one round. */
export type TallyDiagnosis = {
  /** Power of everyone who voted. */
  readonly power: string;
  /** What was voted for, by whom; `blockHash` null is nil. */
  readonly values: readonly { readonly blockHash: string | null; readonly power: string; readonly validators: readonly string[] }[];
  /** Validators whose vote is not here. */
  readonly missing: readonly string[];
};

/** A proposal of the validator whose turn the round is. */
export type ProposalDiagnosis = {
  readonly blockHash: string;
  /** −1, or the earlier round in which the block had a prevote quorum. */
  readonly validRound: number;
  /** This node's clock at first receipt, ms since 1970. */
  readonly receivedAtMs: number;
  /** How far this node is with the block: its body is missing, or is here and nobody asked, or is being executed, or the verdict. */
  readonly block: 'missing' | 'received' | 'validating' | 'valid' | 'invalid';
  /** Why it is invalid; empty otherwise. */
  readonly reason: string;
};

/** One round, as this node knows it. */
export type RoundDiagnosis = {
  readonly round: number;
  /** null for a round that has not begun here. */
  readonly proposer: string | null;
  readonly proposals: readonly ProposalDiagnosis[];
  readonly prevotes: TallyDiagnosis;
  readonly precommits: TallyDiagnosis;
  /** Nil votes of this node, and why. */
  readonly ownNil: readonly { readonly kind: 'prevote' | 'precommit'; readonly reason: NilReason }[];
};

/** Something that has to come before this node goes on. */
export type Awaited =
  /** The least time between two blocks. */
  | { readonly for: 'blockInterval' }
  /** Something to put into a block, or the time for an empty one. */
  | { readonly for: 'work' }
  /** This node's own block is being built. */
  | { readonly for: 'ownBlock' }
  /** This node's own signer. */
  | { readonly for: 'signature'; readonly kind: 'prevote' | 'precommit' | 'proposal'; readonly round: number }
  | { readonly for: 'proposal'; readonly from: string }
  | { readonly for: 'body'; readonly blockHash: string }
  | { readonly for: 'validation'; readonly blockHash: string }
  /** More votes: `powerMissing` until there is a quorum for some value, counting those for the value that has most. */
  | { readonly for: 'prevotes' | 'precommits'; readonly round: number; readonly powerMissing: string }
  /** A timer of the round, which runs. */
  | { readonly for: 'timeout'; readonly kind: RoundTimeoutKind; readonly round: number }
  /** The decided block is being made durable. */
  | { readonly for: 'commit'; readonly blockHash: string }
  /** A person: a block that more than two thirds decided is invalid here. */
  | { readonly for: 'operator'; readonly blockHash: string; readonly reason: string };

/** What a node knows of the height it works on. */
export type Diagnosis = {
  readonly height: number;
  readonly phase: 'waiting' | 'running' | 'decided' | 'halted';
  /** −1 before round 0. */
  readonly round: number;
  readonly step: RoundStep;
  /** −1 while locked on nothing. */
  readonly lockedRound: number;
  readonly lockedBlock: string | null;
  /** −1 while no block had a prevote quorum here. */
  readonly validRound: number;
  readonly validBlock: string | null;
  /** `forbidden`: the log has lost what was signed; `overtaken`: the height is final elsewhere; `notValidator`: it only follows. */
  readonly signing: 'allowed' | 'forbidden' | 'overtaken' | 'notValidator';
  readonly totalPower: string;
  /** The least power that is a quorum. */
  readonly quorumPower: string;
  readonly waitsFor: readonly Awaited[];
  /** Rounds of which anything is known, ascending. */
  readonly rounds: readonly RoundDiagnosis[];
  /** What this node could not do in its turn, and why. */
  readonly incidents: readonly { readonly kind: 'buildFailed' | 'signatureRefused'; readonly round: number; readonly reason: string }[];
  /** Validators that signed what no honest one signs. */
  readonly equivocators: readonly {
    readonly validator: string;
    readonly kind: 'prevote' | 'precommit' | 'proposal';
    readonly round: number;
  }[];
};
