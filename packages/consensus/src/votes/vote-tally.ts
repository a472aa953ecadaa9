import { type BlockHash, equalBytes, hasHonest } from '@mutual-chain/protocol';
import { CONSENSUS_LIMITS } from '../limits.ts';
import type { VerifiedVote } from '../messages/verified.ts';

/** A vote with the place of its validator in the set. */
export type PlacedVote = { readonly position: number; readonly vote: VerifiedVote };

/** The votes for one value. */
export type ValueTally = {
  /** undefined is nil. */
  readonly blockHash: BlockHash | undefined;
  readonly power: bigint;
  /** At most one of each validator, ascending by position. */
  readonly votes: readonly PlacedVote[];
};

/** The votes of one kind in one round. */
export type VoteTally = {
  /** In the order in which the values were first voted for. */
  readonly values: readonly ValueTally[];
  /** Power of everyone who voted, each once, whatever they voted for. */
  readonly power: bigint;
};

/** A tally without votes. */
export const EMPTY_TALLY: VoteTally = { values: [], power: 0n };

/** What became of a vote. */
export type TallyOutcome = {
  readonly tally: VoteTally;
  readonly added: boolean;
  /** The first vote of the same validator for another value: with the new one it proves equivocation. */
  readonly conflicting: VerifiedVote | undefined;
};

/**
 * Counts a vote: once for its value and once for the round, however often its validator votes.
 *
 * A validator that votes for two values counts for each of them, as in the paper, where a quorum is any set of distinct senders of one
 * value: two quorums share an honest validator all the same, and whoever saw the other vote first can still learn of the quorum. Votes for
 * a third value are kept only when the honest threshold stands behind that value without it, so that an equivocator cannot fill memory.
 */
export function addVote(tally: VoteTally, placed: PlacedVote, power: bigint, total: bigint): TallyOutcome {
  const { position, vote } = placed;
  const earlier = tally.values.filter(({ votes }) => votes.some((each) => each.position === position));
  const value = tally.values.find(({ blockHash }) => isSameValue(blockHash, vote.blockHash));
  if (value !== undefined && earlier.includes(value)) return { tally, added: false, conflicting: undefined };
  const conflicting = earlier[0]?.votes.find((each) => each.position === position)?.vote;
  if (earlier.length >= CONSENSUS_LIMITS.valuesPerValidatorMax && !hasHonest(value?.power ?? 0n, total))
    return { tally, added: false, conflicting };
  const grown: ValueTally = {
    blockHash: vote.blockHash,
    power: (value?.power ?? 0n) + power,
    votes: insertByPosition(value?.votes ?? [], placed),
  };
  const values = value === undefined ? [...tally.values, grown] : tally.values.map((each) => (each === value ? grown : each));
  return { tally: { values, power: conflicting === undefined ? tally.power + power : tally.power }, added: true, conflicting };
}

/** The tally without the votes of one validator. */
export function removeValidator(tally: VoteTally, position: number, power: bigint): VoteTally {
  if (!tally.values.some(({ votes }) => votes.some((each) => each.position === position))) return tally;
  const values = tally.values
    .map((value) => {
      const votes = value.votes.filter((each) => each.position !== position);
      return votes.length === value.votes.length ? value : { ...value, votes, power: value.power - power };
    })
    .filter(({ votes }) => votes.length > 0);
  return { values, power: tally.power - power };
}

/** The votes for a value, or undefined when there are none. */
export function votesFor(tally: VoteTally, blockHash: BlockHash | undefined): ValueTally | undefined {
  return tally.values.find((value) => isSameValue(value.blockHash, blockHash));
}

/** Whether two values are the same; undefined is nil. */
export function isSameValue(left: BlockHash | undefined, right: BlockHash | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return equalBytes(left, right);
}

function insertByPosition(votes: readonly PlacedVote[], placed: PlacedVote): readonly PlacedVote[] {
  const at = votes.findIndex(({ position }) => position > placed.position);
  return at === -1 ? [...votes, placed] : [...votes.slice(0, at), placed, ...votes.slice(at)];
}
