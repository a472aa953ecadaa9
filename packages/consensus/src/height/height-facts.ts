import type { RoundFacts } from '../round/round-facts.ts';
import { isTimely } from '../timing.ts';
import { hasQuorumFor, hasQuorumOfAny, quorumValues, roundAhead } from '../votes/vote-keeper.ts';
import { type HeightState, knownBlock } from './height-state.ts';
import { isProposerUpTo } from './proposer-turns.ts';
import { turnProposals } from './turn-proposals.ts';

/** What the rules of a round see of a height. */
export function factsOf(state: HeightState): RoundFacts {
  return {
    proposalsOf: (round) =>
      turnProposals(state, round).map(({ proposal: { blockHash, validRound, proposer }, receivedAtMs }) => ({
        blockHash,
        validRound,
        proposer,
        receivedAtMs,
      })),
    validity: (blockHash) => {
      const stage = knownBlock(state, blockHash)?.stage;
      return stage === 'valid' || stage === 'invalid' ? stage : 'unknown';
    },
    headerOf: (blockHash) => knownBlock(state, blockHash)?.facts,
    isProposerUpTo: (address, round) => isProposerUpTo(state, address, round),
    isTimely: (timestampMs, receivedAtMs, round) => isTimely(timestampMs, receivedAtMs, round, state.timing),
    hasQuorumFor: (kind, round, blockHash) => hasQuorumFor(state.keeper, kind, round, blockHash),
    hasQuorumOfAny: (kind, round) => hasQuorumOfAny(state.keeper, kind, round),
    prevoteQuorums: () => quorumValues(state.keeper, 'prevote'),
    precommitQuorums: () => {
      const counted = quorumValues(state.keeper, 'precommit');
      return state.certificate === undefined ? counted : [...counted, state.certificate];
    },
    // Round 0 has its own conditions; see round-zero.ts.
    roundAhead: () => roundAhead(state.keeper, Math.max(state.round.round, 0)),
  };
}
