import type { RoundRule } from './round-action.ts';
import type { RoundFacts } from './round-facts.ts';
import type { RoundState } from './round-state.ts';

/** Sets the timer for late prevotes once 2f+1 prevoted anything. Source: paper lines 34–35. */
export const waitForPrevotes: RoundRule = (state, facts) => {
  if (state.step !== 'prevote' || state.done.prevoteTimeout || !facts.hasQuorumOfAny('prevote', state.round)) return undefined;
  return { state: withDone(state, { prevoteTimeout: true }), actions: [{ type: 'schedule', kind: 'prevote' }] };
};

/**
 * Makes a valid block that 2f+1 prevoted the valid value, unless a later round has one already. Source: paper lines 36 and 42–43. Differs
 * from the paper, where only the quorum of the current round counts: one that becomes known when its round is over counts too, so that
 * everybody can propose again what somebody may be locked on. A quorum with the body stands for the proposal.
 */
export const keepValidValue: RoundRule = (state, facts) => {
  const kept = withProvenValue(state, facts, state.round);
  return kept === state ? undefined : { state: kept, actions: [] };
};

/** The variables with the valid block of the latest prevote quorum, among rounds up to one, as valid value; the same if that is none or known. */
export function withProvenValue(state: RoundState, facts: Pick<RoundFacts, 'prevoteQuorums' | 'validity'>, upTo: number): RoundState {
  const proven = facts
    .prevoteQuorums()
    .findLast(({ round, blockHash }) => round > state.validRound && round <= upTo && facts.validity(blockHash) === 'valid');
  return proven === undefined ? state : { ...state, validRound: proven.round, validValue: proven.blockHash };
}

/** Locks and precommits a valid proposed block that 2f+1 prevoted. Source: paper lines 36–41. */
export const precommitProposal: RoundRule = (state, facts) => {
  if (state.step !== 'prevote') return undefined;
  const proposal = facts
    .proposalsOf(state.round)
    .find(({ blockHash }) => facts.hasQuorumFor('prevote', state.round, blockHash) && facts.validity(blockHash) === 'valid');
  if (proposal === undefined) return undefined;
  const { blockHash } = proposal;
  return {
    state: { ...state, step: 'precommit', lockedRound: state.round, lockedValue: blockHash },
    actions: [{ type: 'vote', kind: 'precommit', blockHash }],
  };
};

/** Precommits nil when 2f+1 prevoted nil. Never unlocks. Source: paper lines 44–46. */
export const precommitNil: RoundRule = (state, facts) => {
  if (state.step !== 'prevote' || !facts.hasQuorumFor('prevote', state.round, undefined)) return undefined;
  return {
    state: { ...state, step: 'precommit' },
    actions: [{ type: 'vote', kind: 'precommit', blockHash: undefined, reason: 'nilQuorum' }],
  };
};

/** Sets the timer for late precommits once 2f+1 precommitted anything. Source: paper lines 47–48. */
export const waitForPrecommits: RoundRule = (state, facts) => {
  if (state.round < 0 || state.done.precommitTimeout || !facts.hasQuorumOfAny('precommit', state.round)) return undefined;
  return { state: withDone(state, { precommitTimeout: true }), actions: [{ type: 'schedule', kind: 'precommit' }] };
};

function withDone(state: RoundState, done: Partial<RoundState['done']>): RoundState {
  return { ...state, done: { ...state.done, ...done } };
}
