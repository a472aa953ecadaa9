import { type BlockHash, hasHonest, hasQuorum, type VoteKind } from '@mutual-chain/protocol';
import { CONSENSUS_LIMITS } from '../limits.ts';
import type { VerifiedVote } from '../messages/verified.ts';
import { addVote, EMPTY_TALLY, removeValidator, type VoteTally, votesFor } from './vote-tally.ts';

/** Who sent what in one round. */
export type RoundVotes = {
  readonly round: number;
  readonly prevote: VoteTally;
  readonly precommit: VoteTally;
  /** Positions of everyone of whom any message of the round is known, ascending. */
  readonly senders: readonly number[];
  /** Their power. */
  readonly senderPower: bigint;
};

/** The votes of a height and who sent them: numbers, without knowing what they are for. */
export type VoteKeeper = {
  /** Power of each validator, by position. */
  readonly powers: readonly bigint[];
  readonly total: bigint;
  /** Rounds of which something is known, ascending. */
  readonly rounds: readonly RoundVotes[];
};

/** A block with a quorum of votes of one kind in a round. */
export type QuorumValue = { readonly round: number; readonly blockHash: BlockHash };

/** What became of a vote. */
export type KeeperOutcome = {
  readonly keeper: VoteKeeper;
  readonly added: boolean;
  readonly conflicting: VerifiedVote | undefined;
};

/** A keeper without votes, for validators of these powers. */
export function createVoteKeeper(powers: readonly bigint[]): VoteKeeper {
  let total = 0n;
  for (const power of powers) total += power;
  return { powers, total, rounds: [] };
}

/** Counts a vote of a round of which messages are kept. */
export function keepVote(keeper: VoteKeeper, position: number, vote: VerifiedVote): KeeperOutcome {
  const before = roundVotes(keeper, vote.round);
  const power = keeper.powers[position] ?? 0n;
  const outcome = addVote(before[vote.kind], { position, vote }, power, keeper.total);
  if (!outcome.added) return { keeper, added: false, conflicting: outcome.conflicting };
  const after = withSender({ ...before, [vote.kind]: outcome.tally }, position, power);
  return { keeper: withRound(keeper, after), added: true, conflicting: outcome.conflicting };
}

/** Notes that a validator sent something in a round. */
export function keepSender(keeper: VoteKeeper, position: number, round: number): VoteKeeper {
  const before = roundVotes(keeper, round);
  const after = withSender(before, position, keeper.powers[position] ?? 0n);
  return after === before ? keeper : withRound(keeper, after);
}

/** Rounds above `current` in which a validator sent something, ascending. */
export function futureRoundsOf(keeper: VoteKeeper, position: number, current: number): readonly number[] {
  return keeper.rounds.filter(({ round, senders }) => round > current && senders.includes(position)).map(({ round }) => round);
}

/** The keeper without what a validator sent in a round. */
export function forgetSender(keeper: VoteKeeper, position: number, round: number): VoteKeeper {
  const before = roundVotes(keeper, round);
  if (!before.senders.includes(position)) return keeper;
  const power = keeper.powers[position] ?? 0n;
  const after: RoundVotes = {
    round,
    prevote: removeValidator(before.prevote, position, power),
    precommit: removeValidator(before.precommit, position, power),
    senders: before.senders.filter((each) => each !== position),
    senderPower: before.senderPower - power,
  };
  return after.senders.length > 0 ? withRound(keeper, after) : { ...keeper, rounds: keeper.rounds.filter((each) => each.round !== round) };
}

/**
 * The keeper without the rounds on which nothing can hang any more: below the window, not needed, and without an honest threshold of
 * precommits for one value (which a decision may hang on).
 */
export function pruneRounds(keeper: VoteKeeper, current: number, isNeeded: (round: number) => boolean): VoteKeeper {
  const lowest = current - CONSENSUS_LIMITS.pastRoundsMax;
  const rounds = keeper.rounds.filter((each) => each.round >= lowest || isNeeded(each.round) || mayHaveDecided(each, keeper.total));
  return rounds.length === keeper.rounds.length ? keeper : { ...keeper, rounds };
}

/** Whether anything is kept of a round. */
export function hasRound(keeper: VoteKeeper, round: number): boolean {
  return keeper.rounds.some((each) => each.round === round);
}

/** What is known of a round; nothing at all is known of an unknown one. */
export function roundVotes(keeper: VoteKeeper, round: number): RoundVotes {
  return (
    keeper.rounds.find((each) => each.round === round) ?? {
      round,
      prevote: EMPTY_TALLY,
      precommit: EMPTY_TALLY,
      senders: [],
      senderPower: 0n,
    }
  );
}

/** Whether 2f+1 voted for this value. */
export function hasQuorumFor(keeper: VoteKeeper, kind: VoteKind, round: number, blockHash: BlockHash | undefined): boolean {
  return hasQuorum(votesFor(roundVotes(keeper, round)[kind], blockHash)?.power ?? 0n, keeper.total);
}

/** Whether f+1 voted for this value. */
export function hasHonestFor(keeper: VoteKeeper, kind: VoteKind, round: number, blockHash: BlockHash | undefined): boolean {
  return hasHonest(votesFor(roundVotes(keeper, round)[kind], blockHash)?.power ?? 0n, keeper.total);
}

/** Whether 2f+1 voted, for whatever values. */
export function hasQuorumOfAny(keeper: VoteKeeper, kind: VoteKind, round: number): boolean {
  return hasQuorum(roundVotes(keeper, round)[kind].power, keeper.total);
}

/** The values other than nil that 2f+1 voted for, with their rounds, ascending by round. */
export function quorumValues(keeper: VoteKeeper, kind: VoteKind): readonly QuorumValue[] {
  const found: QuorumValue[] = [];
  for (const { round, [kind]: tally } of keeper.rounds) {
    // No value has more power than all who voted.
    if (!hasQuorum(tally.power, keeper.total)) continue;
    for (const { blockHash, power } of tally.values)
      if (blockHash !== undefined && hasQuorum(power, keeper.total)) found.push({ round, blockHash });
  }
  return found;
}

/** The highest round above `current` in which an honest threshold sent anything, or undefined. Source: paper line 55. */
export function roundAhead(keeper: VoteKeeper, current: number): number | undefined {
  return keeper.rounds.findLast(({ round, senderPower }) => round > current && hasHonest(senderPower, keeper.total))?.round;
}

function mayHaveDecided({ precommit }: RoundVotes, total: bigint): boolean {
  return precommit.values.some(({ blockHash, power }) => blockHash !== undefined && hasHonest(power, total));
}

function withSender(votes: RoundVotes, position: number, power: bigint): RoundVotes {
  if (votes.senders.includes(position)) return votes;
  const senders = [...votes.senders, position].sort((left, right) => left - right);
  return { ...votes, senders, senderPower: votes.senderPower + power };
}

function withRound(keeper: VoteKeeper, votes: RoundVotes): VoteKeeper {
  const at = keeper.rounds.findIndex(({ round }) => round >= votes.round);
  if (at === -1) return { ...keeper, rounds: [...keeper.rounds, votes] };
  const known = keeper.rounds[at]?.round === votes.round;
  return { ...keeper, rounds: [...keeper.rounds.slice(0, at), votes, ...keeper.rounds.slice(known ? at + 1 : at)] };
}
