import { type BlockHash, equalBytes } from '@mutual-chain/protocol';
import { isSameValue } from '../votes/vote-tally.ts';
import type { RoundChange, RoundRule } from './round-action.ts';
import type { NilReason, ProposalFacts, RoundFacts } from './round-facts.ts';
import type { RoundState } from './round-state.ts';

/**
 * Votes on a fresh proposal (one that carries no valid round).
 *
 * Prevotes the block unless this validator is locked on another one, or the block is invalid: then nil. Waits while validity is unknown.
 * Source: paper lines 22–27. Adds: the block must name this round's proposer and be timely.
 */
export const prevoteOnFreshProposal: RoundRule = (state, facts) => {
  if (state.step !== 'propose' || state.round < 0) return undefined;
  for (const proposal of facts.proposalsOf(state.round)) {
    if (proposal.validRound !== -1) continue;
    const mayVote = state.lockedRound === -1 || isSameValue(state.lockedValue, proposal.blockHash);
    const verdict = mayVote ? judgeFresh(proposal, state.round, facts) : 'lockedOnOther';
    if (verdict !== 'unknown') return prevote(state, proposal.blockHash, verdict);
  }
  return undefined;
};

/**
 * Votes on a proposal made again because 2f+1 prevoted it in an earlier round.
 *
 * Prevotes the block if this validator's lock is not newer than that quorum, or is on this block, and the block is valid; else nil. Fires
 * whichever of proposal and quorum comes last. Source: paper lines 28–33. Adds: the block must name a proposer of a round up to that of
 * the quorum. Time is not judged: an honest validator found it timely in that round.
 */
export const prevoteOnReproposal: RoundRule = (state, facts) => {
  if (state.step !== 'propose') return undefined;
  for (const proposal of facts.proposalsOf(state.round)) {
    const { blockHash, validRound } = proposal;
    if (validRound < 0 || validRound >= state.round || !facts.hasQuorumFor('prevote', validRound, blockHash)) continue;
    const mayVote = state.lockedRound <= validRound || isSameValue(state.lockedValue, blockHash);
    const verdict = mayVote ? judgeAgain(proposal, facts) : 'lockedOnOther';
    if (verdict !== 'unknown') return prevote(state, blockHash, verdict);
  }
  return undefined;
};

/** Prevotes nil when the time for a proposal is over. Source: paper lines 57–60. */
export function prevoteAfterTimeout(state: RoundState, facts: RoundFacts): RoundChange {
  return prevote(state, undefined, reasonOfTimeout(state, facts));
}

function judgeFresh(proposal: ProposalFacts, round: number, facts: RoundFacts): NilReason | 'valid' | 'unknown' {
  const header = facts.headerOf(proposal.blockHash);
  if (header === undefined) return 'unknown';
  if (!equalBytes(header.proposer, proposal.proposer)) return 'wrongProposer';
  if (!facts.isTimely(header.timestampMs, proposal.receivedAtMs, round)) return 'untimely';
  return facts.validity(proposal.blockHash);
}

function judgeAgain({ blockHash, validRound }: ProposalFacts, facts: RoundFacts): NilReason | 'valid' | 'unknown' {
  const header = facts.headerOf(blockHash);
  if (header === undefined) return 'unknown';
  if (!facts.isProposerUpTo(header.proposer, validRound)) return 'wrongProposer';
  return facts.validity(blockHash);
}

function prevote(state: RoundState, blockHash: BlockHash | undefined, verdict: NilReason | 'valid'): RoundChange {
  const voted: RoundState = { ...state, step: 'prevote' };
  return verdict === 'valid' && blockHash !== undefined
    ? { state: voted, actions: [{ type: 'vote', kind: 'prevote', blockHash }] }
    : { state: voted, actions: [{ type: 'vote', kind: 'prevote', blockHash: undefined, reason: verdict as NilReason }] };
}

function reasonOfTimeout(state: RoundState, facts: RoundFacts): NilReason {
  const [proposal] = facts.proposalsOf(state.round);
  if (proposal === undefined) return 'noProposal';
  const { validRound, blockHash } = proposal;
  if (validRound >= 0 && !facts.hasQuorumFor('prevote', validRound, blockHash)) return 'noPrevoteQuorum';
  return 'notValidated';
}
