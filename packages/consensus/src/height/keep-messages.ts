import { type Address, accusedOf, type Evidence, equalBytes, evidenceOfProposals, evidenceOfVotes } from '@mutual-chain/protocol';
import { CONSENSUS_LIMITS } from '../limits.ts';
import { isSameProposal } from '../messages/same-message.ts';
import type { VerifiedProposal, VerifiedVote } from '../messages/verified.ts';
import {
  forgetSender,
  futureRoundsOf,
  hasHonestFor,
  hasRound,
  keepSender,
  keepVote,
  pruneRounds,
  quorumValues,
} from '../votes/vote-keeper.ts';
import { type Draft, update } from './draft.ts';
import { type HeightState, positionOf } from './height-state.ts';

/** Counts a vote of this height, within the limits of what is kept, and reports whoever voted twice. */
export function keepHeightVote(draft: Draft, vote: VerifiedVote): void {
  const position = positionOf(draft.state.validators, vote.validator);
  if (position === -1 || !makeRoomFor(draft, position, vote.round)) return;
  const { keeper, conflicting } = keepVote(draft.state.keeper, position, vote);
  if (keeper !== draft.state.keeper) update(draft, { keeper });
  if (conflicting !== undefined) report(draft, vote.validator, evidenceOfVotes(conflicting, vote));
}

/** Keeps a proposal of this height, within the limits, and reports whoever proposed twice. Whose turn it was is judged when it counts. */
export function keepHeightProposal(draft: Draft, proposal: VerifiedProposal, receivedAtMs: number): void {
  const position = positionOf(draft.state.validators, proposal.proposer);
  if (position === -1 || !makeRoomFor(draft, position, proposal.round)) return;
  const others = draft.state.proposals.filter((each) => each.position === position && each.proposal.round === proposal.round);
  if (others.some((each) => isSameProposal(each.proposal, proposal))) return;
  const [first] = others;
  if (first !== undefined) report(draft, proposal.proposer, evidenceOfProposals(first.proposal, proposal));
  const isBacked = hasHonestFor(draft.state.keeper, 'prevote', proposal.round, proposal.blockHash);
  if (others.length >= CONSENSUS_LIMITS.proposalsPerRoundMax && !isBacked) return;
  update(draft, {
    proposals: [...draft.state.proposals, { proposal, position, receivedAtMs }],
    keeper: keepSender(draft.state.keeper, position, proposal.round),
  });
}

/** Forgets the rounds on which nothing can hang any more. */
export function pruneHeight(draft: Draft): void {
  const { state } = draft;
  const keeper = pruneRounds(state.keeper, state.round.round, (round) => isNeeded(state, round));
  const lowest = state.round.round - CONSENSUS_LIMITS.pastRoundsMax;
  const proposals = state.proposals.filter(({ proposal }) => proposal.round >= lowest);
  const nilVotes = state.nilVotes.filter(({ round }) => round >= lowest);
  const incidents = state.incidents.filter(({ round }) => round >= lowest);
  update(draft, { keeper, proposals, nilVotes, incidents });
}

/**
 * Whether votes of a past round may still decide something: a lock, a valid value or a proposal names it, or its prevotes will make a valid
 * value once the body is here.
 */
function isNeeded(state: HeightState, round: number): boolean {
  const { lockedRound, validRound } = state.round;
  if (round === lockedRound || round === validRound) return true;
  if (round > validRound && quorumValues(state.keeper, 'prevote').findLast((each) => each.round <= state.round.round)?.round === round)
    return true;
  return state.proposals.some(({ proposal }) => proposal.round === state.round.round && proposal.validRound === round);
}

/**
 * Whether messages of the round are kept. A validator that is ahead in more rounds than the limit loses what it sent in the lowest of them:
 * an honest one has left that round.
 */
function makeRoomFor(draft: Draft, position: number, round: number): boolean {
  const current = draft.state.round.round;
  const { keeper } = draft.state;
  if (round <= current) return round >= current - CONSENSUS_LIMITS.pastRoundsMax || hasRound(keeper, round) || isNeeded(draft.state, round);
  const ahead = futureRoundsOf(keeper, position, current);
  const [lowest] = ahead;
  if (ahead.includes(round) || lowest === undefined || ahead.length < CONSENSUS_LIMITS.futureRoundsPerValidatorMax) return true;
  if (round < lowest) return false;
  update(draft, {
    keeper: forgetSender(keeper, position, lowest),
    proposals: draft.state.proposals.filter((each) => each.position !== position || each.proposal.round !== lowest),
  });
  return true;
}

function report(draft: Draft, accused: Address, evidence: Evidence): void {
  if (draft.state.evidence.some((each) => isSameOffence(each, accused, evidence))) return;
  if (draft.state.evidence.length >= CONSENSUS_LIMITS.evidencePerHeightMax) return;
  update(draft, { evidence: [...draft.state.evidence, evidence] });
  draft.effects.push({ type: 'reportEquivocation', evidence });
}

/** One offence is reported once: the same validator, round and kind of message. */
function isSameOffence(known: Evidence, accused: Address, evidence: Evidence): boolean {
  if (known.kind !== evidence.kind || known.first.round !== evidence.first.round || !equalBytes(accusedOf(known), accused)) return false;
  return known.kind === 'duplicateProposal' || evidence.kind === 'duplicateProposal' || known.first.kind === evidence.first.kind;
}
