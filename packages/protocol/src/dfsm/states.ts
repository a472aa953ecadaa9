/** States of a lot. Source: white paper, state machine of MutualChain (S0 is initial, S6 final). */
export const STATES = ['S0', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6'] as const;

/** State of a lot. */
export type State = (typeof STATES)[number];

/** What each state is called. */
export const STATE_NAMES: Readonly<Record<State, string>> = {
  S0: 'initial',
  S1: 'deposit awaiting',
  S2: 'transfer awaiting',
  S3: 'credit awaiting',
  S4: 'withdrawal awaiting',
  S5: 'active',
  S6: 'finished',
};
