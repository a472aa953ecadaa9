/** Limits of catching up and of serving those who do, each with its unit in the name. */
export const SYNC_LIMITS = {
  /** Peers that are remembered: twice the members of the largest set, and some followers. */
  peersMax: 256,
  /** Blocks asked for in one request. */
  rangeBlocksMax: 16,
  /** Bytes of one answer: one block of the largest size with its certificate, or many small ones. */
  answerBytesMax: 4_280_320,
  /** Requests for blocks under way. */
  requestsMax: 12,
  /** Of those, kept free for the blocks that come next. */
  nextRequestsMax: 2,
  /** Requests for blocks under way to one peer. */
  requestsPerPeerMax: 2,
  /** How far above the last committed height blocks are fetched. */
  windowBlocksMax: 256,
  /** Bytes of blocks that are fetched or asked for and not committed. */
  bufferBytesMax: 67_108_864,
  /** Time for a peer to answer, ms: the largest answer at 4 Mbit/s. */
  requestDeadlineMs: 10_000,
  /** Time after which the blocks that come next are asked for a second time, of another peer, ms. */
  secondRequestMs: 2_000,
  /** How long a node may be one block behind before it asks, ms: mostly consensus is about to commit that block. */
  oneBehindGraceMs: 300,
  /** Pause after a peer's first failure, ms; it doubles with each further one. */
  pauseFirstMs: 1_000,
  /** Longest pause, and that of a peer that was cut, ms. */
  pauseMaxMs: 60_000,
  /** Bodies of undecided blocks that are looked for: several rounds of two proposals. */
  bodiesMax: 16,
  /** Requests under way for one body. */
  requestsPerBodyMax: 3,
  /** Requests for bodies under way to one peer; with those for blocks they stay below what a link allows. */
  bodyRequestsPerPeerMax: 4,
  /** Time between asking two peers for a body, ms. */
  bodyTurnMs: 500,
} as const;

/** The limits of a sync; tests use smaller ones. */
export type SyncLimits = { readonly [Name in keyof typeof SYNC_LIMITS]: number };

/** Limits of what a node does for others that catch up. */
export const SERVING_LIMITS = {
  /** Peers of which requests are counted. */
  peersMax: 256,
  /** Requests of one peer answered in the long run, a second: 300 blocks a second at least. */
  requestsPerSecond: 20,
  /** Requests of one peer answered at once after a pause. */
  requestsBurst: 40,
  /** Answers to one peer being prepared. */
  answersPerPeerMax: 4,
  /** Answers being prepared altogether: they hold their blocks in memory. */
  answersMax: 16,
} as const;

/** The limits of serving; tests use smaller ones. */
export type ServingLimits = { readonly [Name in keyof typeof SERVING_LIMITS]: number };
