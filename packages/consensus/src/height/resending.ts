import type { BlockHash, VoteKind } from '@mutual-chain/protocol';
import { CONSENSUS_LIMITS, RESEND_INTERVAL_MS } from '../limits.ts';
import type { VerifiedProposal, VerifiedVote } from '../messages/verified.ts';
import { hasQuorumFor, roundVotes } from '../votes/vote-keeper.ts';
import { isSameValue, type ValueTally, votesFor } from '../votes/vote-tally.ts';
import { requestMissingBodies } from './bodies.ts';
import type { Draft } from './draft.ts';
import type { HeightState } from './height-state.ts';
import type { PeerStatus, VoteSummary } from './peer-status.ts';
import { turnProposals } from './turn-proposals.ts';

/*
 * The paper assumes that what one correct node has, all get. Messages get lost and their senders die, so until a height is decided:
 *
 * - the timer → tell all peers what this node has; send peers that were silent since the last time what they lack; ask for missing bodies
 * - a peer's status → send that peer what it lacks
 *
 * A proposal that is made again carries the prevotes behind it along, because nobody can vote for it without them.
 *
 * What is sent: all votes of the current and the previous round and the prevotes behind the valid value, whoever signed them, and the
 * proposal of the current round.
 */

/** A connected peer and what it said last. */
export type Peer = {
  readonly peer: string;
  /** undefined until it says anything: then it lacks everything. */
  readonly status: PeerStatus | undefined;
  /** Whether it said so since the timer last ran, and has been answered. */
  readonly isAnswered: boolean;
};

/** What this node has at the height, for its peers to know. */
export function statusOf(state: HeightState): PeerStatus {
  const proposal = currentProposal(state);
  const votes = largest(sharedTallies(state)).map(
    ({ kind, round, value }): VoteSummary => ({
      kind,
      round,
      blockHash: value.blockHash,
      positions: value.votes.map(({ position }) => position),
    }),
  );
  return { height: state.height, round: state.round.round, proposal: proposal?.blockHash, votes };
}

/** The prevotes behind a proposal that names their round; none for a fresh one. */
export function polkaOf(state: HeightState, validRound: number, blockHash: BlockHash): readonly VerifiedVote[] {
  if (validRound < 0) return [];
  return votesFor(roundVotes(state.keeper, validRound).prevote, blockHash)?.votes.map(({ vote }) => vote) ?? [];
}

/** The timer ran: states what this node has, sends what silent peers lack, asks for missing bodies, and sets the timer anew. */
export function resendToAll(draft: Draft, peers: readonly Peer[]): void {
  const { state } = draft;
  draft.effects.push({ type: 'sendStatus', to: 'all', status: statusOf(state) });
  for (const peer of peers) if (!peer.isAnswered) resendTo(draft, peer);
  requestMissingBodies(draft);
  draft.effects.push({ type: 'scheduleTimeout', timeout: { kind: 'resend', height: state.height }, durationMs: RESEND_INTERVAL_MS });
}

/** Sends a peer at this height what it lacks. One at another height is served by sync. */
export function resendTo(draft: Draft, { peer, status }: Peer): void {
  const { state } = draft;
  if (status !== undefined && status.height !== state.height) return;
  const proposal = currentProposal(state);
  if (proposal !== undefined && lacksProposal(status, proposal)) draft.effects.push({ type: 'sendProposal', to: { peer }, proposal });
  const votes = sharedTallies(state).flatMap(({ kind, round, value }) => missingVotes(status, kind, round, value));
  for (let at = 0; at < votes.length; at += CONSENSUS_LIMITS.votesPerMessageMax)
    draft.effects.push({ type: 'sendVotes', to: { peer }, votes: votes.slice(at, at + CONSENSUS_LIMITS.votesPerMessageMax) });
}

function lacksProposal(status: PeerStatus | undefined, proposal: VerifiedProposal): boolean {
  if (status === undefined || status.round < proposal.round) return true;
  return status.round === proposal.round && !isSameValue(status.proposal, proposal.blockHash);
}

function missingVotes(status: PeerStatus | undefined, kind: VoteKind, round: number, value: ValueTally): readonly VerifiedVote[] {
  const summary = status?.votes.find((each) => each.kind === kind && each.round === round && isSameValue(each.blockHash, value.blockHash));
  return value.votes.filter(({ position }) => summary?.positions.includes(position) !== true).map(({ vote }) => vote);
}

/**
 * As many tallies as a status holds, those with the most votes, in the same order. There are more only when validators vote for many values;
 * of the rest peers then get votes that they have already.
 */
function largest(tallies: readonly SharedTally[]): readonly SharedTally[] {
  if (tallies.length <= CONSENSUS_LIMITS.voteSummariesPerStatusMax) return tallies;
  const kept = [...tallies.entries()]
    .sort(([, left], [, right]) => right.value.votes.length - left.value.votes.length)
    .slice(0, CONSENSUS_LIMITS.voteSummariesPerStatusMax)
    .map(([at]) => at);
  return tallies.filter((_, at) => kept.includes(at));
}

type SharedTally = { readonly kind: VoteKind; readonly round: number; readonly value: ValueTally };

function sharedTallies(state: HeightState): readonly SharedTally[] {
  const { round, validRound, validValue } = state.round;
  const recent = [round - 1, Math.max(round, 0)].filter((each) => each >= 0);
  const tallies = recent.flatMap((each) => {
    const votes = roundVotes(state.keeper, each);
    return (['prevote', 'precommit'] as const).flatMap((kind) => votes[kind].values.map((value) => ({ kind, round: each, value })));
  });
  if (validRound < 0 || recent.includes(validRound)) return tallies;
  const quorum = roundVotes(state.keeper, validRound).prevote.values.find((value) => isSameValue(value.blockHash, validValue));
  return quorum === undefined ? tallies : [{ kind: 'prevote', round: validRound, value: quorum }, ...tallies];
}

/** The proposal of the current round; of several, for the proposer may be faulty, the one that 2f+1 prevoted. */
function currentProposal(state: HeightState): VerifiedProposal | undefined {
  const round = Math.max(state.round.round, 0);
  const proposals = turnProposals(state, round);
  const chosen = proposals.find(({ proposal }) => hasQuorumFor(state.keeper, 'prevote', round, proposal.blockHash)) ?? proposals[0];
  return chosen?.proposal;
}
