import { withProvenValue } from './precommit-rules.ts';
import type { RoundRule } from './round-action.ts';
import type { RoundFacts } from './round-facts.ts';
import type { RoundState } from './round-state.ts';

/**
 * The variables at the start of a round; locks and valid values stay. Quorums of the rounds before that no rule has looked at yet count
 * first, for its proposer proposes the valid value. Source: paper lines 11–13.
 */
export function atStartOfRound(state: RoundState, facts: RoundFacts, round: number): RoundState {
  const proven = withProvenValue(state, facts, round - 1);
  return { ...proven, round, step: 'propose', done: { prevoteTimeout: false, precommitTimeout: false } };
}

/** Goes to a round in which f+1 already are. Source: paper lines 55–56. */
export const skipToRound: RoundRule = (state, facts) => {
  const round = facts.roundAhead();
  return round === undefined || round <= state.round ? undefined : { state, actions: [{ type: 'startRound', round }] };
};

/**
 * Goes on at once when 2f+1 precommitted nil: this round can no longer decide. Differs from the paper, which waits for the timeout of
 * line 47.
 */
export const leaveUndecidableRound: RoundRule = (state, facts) =>
  state.round >= 0 && facts.hasQuorumFor('precommit', state.round, undefined)
    ? { state, actions: [{ type: 'startRound', round: state.round + 1 }] }
    : undefined;

/**
 * Decides a valid block that 2f+1 precommitted in any round, past or future. Waits while its validity is unknown. An invalid one is a
 * contradiction that nothing can mend. Source: paper lines 49–54; a quorum with the body stands for the proposal.
 */
export const decide: RoundRule = (state, facts) => {
  for (const { round, blockHash } of facts.precommitQuorums()) {
    const validity = facts.validity(blockHash);
    if (validity === 'valid') return { state, actions: [{ type: 'decide', round, blockHash }] };
    if (validity === 'invalid') return { state, actions: [{ type: 'contradiction', round, blockHash }] };
  }
  return undefined;
};
