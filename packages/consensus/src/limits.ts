/** Limits of what consensus keeps in memory, each with its unit in the name. They bound memory whatever validators sign. */
export const CONSENSUS_LIMITS = {
  /** Rounds above the current one of which messages of one validator are kept. A validator itself is in one round at a time. */
  futureRoundsPerValidatorMax: 2,
  /** Rounds below the current one of which all messages are kept; older ones only when a lock or a decision may hang on them. */
  pastRoundsMax: 8,
  /** Proposals of one validator kept for one round: two prove equivocation. */
  proposalsPerRoundMax: 2,
  /** Different values that one validator's votes of one kind and round are kept for without others standing behind the value. */
  valuesPerValidatorMax: 2,
  /** Messages of one validator for the next height kept until that height starts. */
  nextHeightMessagesPerValidatorMax: 8,
  /** Peers of which the status is remembered. */
  peersMax: 256,
  /** Vote lists in the status of a peer: three rounds, two kinds, few values. */
  voteSummariesPerStatusMax: 32,
  /** Votes sent to a peer in one message; more of them go in several. */
  votesPerMessageMax: 512,
  /** Equivocations reported at one height: every validator could be caught three times. */
  evidencePerHeightMax: 300,
  /** Blocks known at a height besides those that votes or proposals name. */
  blocksPerHeightMax: 64,
} as const;

/** Milliseconds between two re-sendings of what peers lack, until the height is decided. */
export const RESEND_INTERVAL_MS = 500;
