import type { RoundRule } from './round-action.ts';
import type { RoundState } from './round-state.ts';

/** Sets the timer for late prevotes once 2f+1 prevoted anything. Source: paper lines 34–35. */
export const waitForPrevotes: RoundRule = (state, facts) => {
  if (state.step !== 'prevote' || state.done.prevoteTimeout || !facts.hasQuorumOfAny('prevote', state.round)) return undefined;
  return { state: withDone(state, { prevoteTimeout: true }), actions: [{ type: 'schedule', kind: 'prevote' }] };
};

/**
 * Locks and precommits a valid proposed block that 2f+1 prevoted; after the precommit of this round it still becomes the valid value.
 * Source: paper lines 36–43.
 */
export const precommitProposal: RoundRule = (state, facts) => {
  if (state.step === 'propose' || state.done.prevoteQuorum) return undefined;
  const proposal = facts
    .proposalsOf(state.round)
    .find(({ blockHash }) => facts.hasQuorumFor('prevote', state.round, blockHash) && facts.validity(blockHash) === 'valid');
  if (proposal === undefined) return undefined;
  const { blockHash } = proposal;
  const valid: RoundState = { ...withDone(state, { prevoteQuorum: true }), validRound: state.round, validValue: blockHash };
  if (state.step !== 'prevote') return { state: valid, actions: [] };
  return {
    state: { ...valid, step: 'precommit', lockedRound: state.round, lockedValue: blockHash },
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
