/** Limits of what a node does with transactions outside the mempool, each with its unit in the name. */
export const TRANSACTION_LIMITS = {
  /** Most bytes of a batch, unless one transaction has more. When as many wait to be promised, they become durable and are sent without waiting. */
  batchBytes: 65_536,
  /** Longest time that an admitted transaction of a client waits for others, to be made durable and sent together with them, ms. */
  groupingMs: 5,
  /** How long a transaction of a peer waits before it is sent on, ms: where every two nodes are linked, a block has it by then, or the others do. */
  relayMs: 500,
  /** Batches that are sent to one peer at once; a peer that was just linked gets the rest a little later. */
  batchesAtOnceMax: 4,
  /** Time until a link that took no more, or has got so many batches, is tried again, ms. */
  resendMs: 20,
  /** Peers that are remembered to have a transaction. */
  holdersMax: 32,
  /** Transactions of clients that nobody has looked at yet: what one core verifies in half a second. */
  unreadOfClientsMax: 4_096,
  /** The same of one peer. */
  unreadPerPeerMax: 16_384,
  /** And their bytes: what a link lets through at once. */
  unreadPerPeerBytesMax: 2_097_152,
  /** Work done without a pause, µs as estimated: votes do not wait longer. */
  sliceUs: 4_000,
  /** Verified transactions of proposed blocks that are remembered: two full blocks. */
  rememberedMax: 20_000,
  /** Bytes of a segment of the journal, from which on the next one is begun. */
  segmentBytes: 4_194_304,
  /**
   * Bytes of the journal, from which on what still matters in the oldest segments is written anew: twice what the mempool and the statuses of
   * ended transactions can take, so that there is always something to gain.
   */
  journalBytesMax: 268_435_456,
  /** Time for which nothing more is taken from clients after the disk was full, ms. */
  fullPauseMs: 1_000,
} as const;

/** The limits; tests use smaller ones. */
export type TransactionLimits = { readonly [Name in keyof typeof TRANSACTION_LIMITS]: number };
