import type { RoundTimeoutKind } from '../timing.ts';
import { keepValidValue, precommitNil, precommitProposal, waitForPrecommits, waitForPrevotes } from './precommit-rules.ts';
import { prevoteAfterTimeout, prevoteOnFreshProposal, prevoteOnReproposal } from './prevote-rules.ts';
import type { RoundChange, RoundRule } from './round-action.ts';
import { decide, leaveUndecidableRound, skipToRound } from './round-changes.ts';
import type { RoundFacts } from './round-facts.ts';
import type { RoundState } from './round-state.ts';

/*
 * A round of Tendermint by the paper (arXiv 1807.04938, Algorithm 1), one rule for each "upon":
 *
 * - proposal for (h, r, v, −1) → prevote v or nil                                lines 22–27  prevoteOnFreshProposal
 * - proposal for (h, r, v, vr) and 2f+1 prevotes(vr, v) → prevote v or nil       lines 28–33  prevoteOnReproposal
 * - 2f+1 prevotes(r) → wait for the rest                                         lines 34–35  waitForPrevotes
 * - proposal for v and 2f+1 prevotes(r, v) → lock and precommit v                lines 36–41  precommitProposal
 * - v and 2f+1 prevotes(any r' ≤ r, v) → v is the valid value                     lines 42–43  keepValidValue
 * - 2f+1 prevotes(r, nil) → precommit nil                                        lines 44–46  precommitNil
 * - 2f+1 precommits(r) → wait for the rest                                       lines 47–48  waitForPrecommits
 * - v and 2f+1 precommits(any r, v) → decide v                                   lines 49–54  decide
 * - f+1 messages of r' > r → round r'                                            lines 55–56  skipToRound
 * - timeouts                                                                     lines 57–67  afterTimeout
 *
 * Differs from the paper: validity arrives later than the proposal, so rules wait for it; 2f+1 precommits for nil end a round at once; a
 * fresh proposal must be timely; a quorum of prevotes counts for the valid value when its round is over, too.
 */

/** The rules, in the order in which they are tried until none fires. */
const ROUND_RULES: readonly RoundRule[] = [
  decide,
  skipToRound,
  prevoteOnFreshProposal,
  prevoteOnReproposal,
  keepValidValue,
  precommitProposal,
  precommitNil,
  leaveUndecidableRound,
  waitForPrevotes,
  waitForPrecommits,
];

/** The first rule that fires, applied; undefined when none does. */
export function applyRoundRules(state: RoundState, facts: RoundFacts): RoundChange | undefined {
  for (const rule of ROUND_RULES) {
    const change = rule(state, facts);
    if (change !== undefined) return change;
  }
  return undefined;
}

/** What an expired timer of the current round does, or undefined when the step it was set for is over. Source: paper lines 57–67. */
export function afterTimeout(kind: RoundTimeoutKind, state: RoundState, facts: RoundFacts): RoundChange | undefined {
  if (kind === 'propose') return state.step === 'propose' ? prevoteAfterTimeout(state, facts) : undefined;
  if (kind === 'precommit') return { state, actions: [{ type: 'startRound', round: state.round + 1 }] };
  if (state.step !== 'prevote') return undefined;
  return {
    state: { ...state, step: 'precommit' },
    actions: [{ type: 'vote', kind: 'precommit', blockHash: undefined, reason: 'noQuorum' }],
  };
}
