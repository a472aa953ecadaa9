import type { Input } from './inputs.ts';
import type { State } from './states.ts';

/**
 * δ: for each input, the next state of each state it is defined in. 17 cells of 84; every other pair is illegal.
 *
 * Source: white paper, table of the state transition function. A request in its own awaiting state amends it.
 */
export const TRANSITION_TABLE: Readonly<Record<Input, Readonly<Partial<Record<State, State>>>>> = {
  E01: { S0: 'S1', S1: 'S1', S5: 'S1' },
  E02: { S1: 'S0' },
  E03: { S1: 'S5' },
  E04: { S2: 'S2', S5: 'S2' },
  E05: { S2: 'S5' },
  E06: { S2: 'S5' },
  E07: { S3: 'S3', S5: 'S3' },
  E08: { S3: 'S5' },
  E09: { S3: 'S5' },
  E10: { S4: 'S4', S5: 'S4' },
  E11: { S4: 'S5' },
  E12: { S4: 'S6' },
};

/** δ(state, input), or undefined where it is not defined. */
export function transition(state: State, input: Input): State | undefined {
  return TRANSITION_TABLE[input][state];
}
