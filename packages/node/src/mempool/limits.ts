/** Limits of the mempool, each with its unit in the name. They bound memory and work whatever is sent. */
export const MEMPOOL_LIMITS = {
  /** Admitted transactions: five full blocks, which a slow machine executes in half a minute. */
  transactionsMax: 50_000,
  /** Raw bytes of admitted transactions: eight full blocks. */
  bytesMax: 33_554_432,
  /** Transactions that wait for an earlier nonce: 17 MB if all are of the largest size. */
  parkedMax: 4_096,
  /** Of those, of one account: two batches of gossip that came in the wrong order. */
  parkedPerAccountMax: 512,
  /** How far a nonce may be above the account's first missing one. */
  nonceAheadMax: 1_024,
  /** How long a transaction waits for an earlier nonce, ms: much longer than gossip takes, shorter than a client waits for its answer. */
  parkedTtlMs: 5_000,
  /** Transactions whose signatures are being verified: what one core verifies in a quarter of a second. */
  verifyingMax: 4_096,
  /** Of those, from one peer or client, so that none has all the verifiers. */
  verifyingPerSourceMax: 1_024,
  /** Blocks whose transactions are pinned: several rounds of two proposals. */
  pinnedBlocksMax: 16,
  /** Accounts set aside that are looked at again after each block. */
  recheckedPerBlockMax: 256,
  /** Ended transactions whose status is remembered. */
  endedMax: 1_000_000,
  /** How long it is remembered, seconds of block time: a day. */
  endedRetentionSec: 86_400,
} as const;

/** The limits of a mempool; tests use smaller ones. */
export type MempoolLimits = { readonly [Name in keyof typeof MEMPOOL_LIMITS]: number };

/**
 * How many admitted transactions an account may have, by how full the mempool is: the first row that is not exceeded counts. A few accounts
 * fill half of it, nobody fills all of it alone, and there is always room for whoever has sent little. The first row takes twice the longest
 * array that a client may send at once.
 */
export const ACCOUNT_SHARES: readonly { readonly fullPercentMax: number; readonly transactionsMax: number }[] = [
  { fullPercentMax: 50, transactionsMax: 2_048 },
  { fullPercentMax: 75, transactionsMax: 256 },
  { fullPercentMax: 90, transactionsMax: 32 },
  { fullPercentMax: 100, transactionsMax: 4 },
];
