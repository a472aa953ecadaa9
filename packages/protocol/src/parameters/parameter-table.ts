/** Kinds of parameter values: a whole number, an amount in MTN base units, or one of the listed words. */
export type ParameterKind = 'integer' | 'amount' | 'choice';

/** One chain parameter: what governance may set, to what, and why it is there. */
export type ParameterDefinition = {
  readonly kind: ParameterKind;
  readonly unit: string;
  readonly default: number | bigint | string;
  /** Inclusive bounds of integers and amounts. */
  readonly min?: number | bigint;
  readonly max?: number | bigint;
  /** Allowed words of a choice; stored by position. */
  readonly choices?: readonly string[];
  readonly reason: string;
};

/**
 * Every chain parameter in one table. Order is the order of canonical bytes: append, never reorder. Heights and times are whole numbers
 * below 2^53, amounts below 2^128.
 */
export const PARAMETER_TABLE = {
  feePerTransaction: {
    kind: 'amount',
    unit: 'MTN base units',
    default: 1_000_000_000_000_000n,
    min: 0n,
    max: 1_000_000_000_000_000_000_000_000n,
    reason: 'Makes floods cost something; 0.001 MTN.',
  },
  feePerByte: {
    kind: 'amount',
    unit: 'MTN base units',
    default: 1_000_000_000_000n,
    min: 0n,
    max: 1_000_000_000_000_000_000_000n,
    reason: 'Stored for ever, so bytes cost; 0.000001 MTN.',
  },
  feeShareValidatorsBps: {
    kind: 'integer',
    unit: 'bps',
    default: 7000,
    min: 0,
    max: 10_000,
    reason: 'Share of fees of those who run the chain.',
  },
  feeShareTreasuryBps: { kind: 'integer', unit: 'bps', default: 2000, min: 0, max: 10_000, reason: 'Share of fees for operations.' },
  feeShareAuditBps: { kind: 'integer', unit: 'bps', default: 1000, min: 0, max: 10_000, reason: 'Share of fees for audits.' },
  joiningStake: {
    kind: 'amount',
    unit: 'MTN base units',
    default: 1_000_000_000_000_000_000n,
    min: 1_000_000_000_000_000_000n,
    max: 100_000_000_000_000_000_000_000_000n,
    reason: 'A member holds at least one MTN.',
  },
  admission: {
    kind: 'choice',
    unit: '',
    default: 'open',
    choices: ['open', 'registrar'],
    reason: 'Whether anyone may join at level 1 or a registrar decides.',
  },
  openLotsPerAccountMax: {
    kind: 'integer',
    unit: 'requests',
    default: 64,
    min: 1,
    max: 4096,
    reason: 'Bounds what one account keeps in the state.',
  },
  closedLotRetentionSec: {
    kind: 'integer',
    unit: 's',
    default: 2_592_000,
    min: 0,
    max: 31_536_000,
    reason: 'Late inputs get an exact answer for thirty days.',
  },
  processingSecMax: {
    kind: 'integer',
    unit: 's',
    default: 604_800,
    min: 60,
    max: 31_536_000,
    reason: 'A gateway that claims and falls silent can be overruled after a week.',
  },
  requestExpirySecMax: {
    kind: 'integer',
    unit: 's',
    default: 31_536_000,
    min: 60,
    max: 315_360_000,
    reason: 'No request is open for longer than a year.',
  },
  validUntilWindowSecMax: {
    kind: 'integer',
    unit: 's',
    default: 3600,
    min: 60,
    max: 86_400,
    reason: 'A signed transaction is either in a block or void within an hour.',
  },
  scheduledWorkPerBlockMax: {
    kind: 'integer',
    unit: 'items',
    default: 1000,
    min: 1,
    max: 10_000,
    reason: 'Due work never makes a block late; the rest carries over.',
  },
  blockTransactionsMax: {
    kind: 'integer',
    unit: 'transactions',
    default: 10_000,
    min: 1,
    max: 10_000,
    reason: 'A block executes within its interval.',
  },
  blockBytesMax: {
    kind: 'integer',
    unit: 'bytes',
    default: 4_194_304,
    min: 65_536,
    max: 4_194_304,
    reason: 'A block crosses the network within the propose timeout.',
  },
  proposalDurationSec: {
    kind: 'integer',
    unit: 's',
    default: 604_800,
    min: 60,
    max: 31_536_000,
    reason: 'A change nobody decides in a week lapses.',
  },
  evidenceMaxAgeHeights: {
    kind: 'integer',
    unit: 'heights',
    default: 100_000,
    min: 10,
    max: 10_000_000,
    reason: 'Old keys cannot be judged for ever.',
  },
  evidenceAction: {
    kind: 'choice',
    unit: '',
    default: 'record',
    choices: ['record', 'remove'],
    reason: 'Whether proven equivocation also removes the validator.',
  },
  blockIntervalMs: {
    kind: 'integer',
    unit: 'ms',
    default: 50,
    min: 0,
    max: 60_000,
    reason: 'Least time between commit and the next proposal.',
  },
  emptyBlockIntervalMs: {
    kind: 'integer',
    unit: 'ms',
    default: 5000,
    min: 100,
    max: 3_600_000,
    reason: 'How often a block is made when there is nothing to do.',
  },
  proposeTimeoutMs: { kind: 'integer', unit: 'ms', default: 700, min: 10, max: 60_000, reason: 'How long round 0 waits for a proposal.' },
  voteTimeoutMs: { kind: 'integer', unit: 'ms', default: 400, min: 10, max: 60_000, reason: 'How long round 0 waits for late votes.' },
  timeoutGrowthMs: { kind: 'integer', unit: 'ms', default: 250, min: 1, max: 10_000, reason: 'How much each further round waits longer.' },
  timeoutMaxMs: {
    kind: 'integer',
    unit: 'ms',
    default: 10_000,
    min: 100,
    max: 600_000,
    reason: 'Cap of timeouts; above the real bound of the network.',
  },
  timePrecisionMs: { kind: 'integer', unit: 'ms', default: 500, min: 0, max: 60_000, reason: 'How far honest clocks may differ.' },
  messageDelayMs: {
    kind: 'integer',
    unit: 'ms',
    default: 5000,
    min: 1,
    max: 60_000,
    reason: 'How long a proposal may travel and still be timely.',
  },
  proofHistoryHeights: {
    kind: 'integer',
    unit: 'heights',
    default: 256,
    min: 1,
    max: 100_000,
    reason: 'For how many past heights state proofs are served.',
  },
  messageDelayMaxMs: {
    kind: 'integer',
    unit: 'ms',
    default: 15_000,
    min: 1,
    max: 600_000,
    reason: 'Cap of messageDelayMs, which grows by a tenth each round.',
  },
} as const;

/** Name of a parameter of the table; fees of single transaction types are named `fee.<Type>` besides. */
export type ParameterName = keyof typeof PARAMETER_TABLE;
