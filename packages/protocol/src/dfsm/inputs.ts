/** Input alphabet of the ledger. Source: white paper, state machine of MutualChain. */
export const INPUTS = ['E01', 'E02', 'E03', 'E04', 'E05', 'E06', 'E07', 'E08', 'E09', 'E10', 'E11', 'E12'] as const;

/** Input to a lot. */
export type Input = (typeof INPUTS)[number];

/** What each input is called. */
export const INPUT_NAMES: Readonly<Record<Input, string>> = {
  E01: 'deposit request',
  E02: 'deposit reject',
  E03: 'deposit confirm',
  E04: 'transfer request',
  E05: 'transfer reject',
  E06: 'transfer confirm',
  E07: 'credit request',
  E08: 'credit reject',
  E09: 'credit confirm',
  E10: 'withdrawal request',
  E11: 'withdrawal reject',
  E12: 'withdrawal confirm',
};
