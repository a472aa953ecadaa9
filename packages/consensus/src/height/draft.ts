import type { Effect } from '../effect.ts';
import type { HeightState } from './height-state.ts';

/** The next state of a height and the effects so far, while one input is worked on. Never outlives the step. */
export type Draft = {
  state: HeightState;
  readonly effects: Effect[];
  /** Whether this node holds proof that this height or a higher one is decided, so that it no longer signs here. */
  readonly isOvertaken: boolean;
};

/** Changes some fields of the drafted state. */
export function update(draft: Draft, changes: Partial<HeightState>): void {
  draft.state = { ...draft.state, ...changes };
}
