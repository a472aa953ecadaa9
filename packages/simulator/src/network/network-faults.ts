/** How the links of a network behave. Rates are in thousandths of the messages. */
export type NetworkFaults = {
  /** Least and most time of travel, ms: what is sent later may arrive earlier. */
  readonly delayMs: readonly [number, number];
  readonly lossPerMille: number;
  readonly duplicatePerMille: number;
  /** So many messages take ten times as long. */
  readonly lateMessagePerMille: number;
  /** Most messages that are under way on one link each way: what does not fit pushes nothing out, it is lost. */
  readonly linkMessagesMax: number;
};

/** A network that only takes its time. */
export const SOUND_NETWORK: NetworkFaults = {
  delayMs: [1, 3],
  lossPerMille: 0,
  duplicatePerMille: 0,
  lateMessagePerMille: 0,
  linkMessagesMax: 512,
};

/** What happened to messages, by kind. */
export const NETWORK_FAULT_KINDS = ['lost', 'duplicated', 'late', 'blocked', 'clogged', 'overflowed', 'undelivered'] as const;

/** One of `NETWORK_FAULT_KINDS`. */
export type NetworkFaultKind = (typeof NETWORK_FAULT_KINDS)[number];

/** Shapes in which a network may fall apart. */
export const PARTITION_SHAPES = ['halves', 'isolated', 'scattered', 'oneWay', 'bridge', 'star', 'ring', 'partial'] as const;

/** One of `PARTITION_SHAPES`. */
export type PartitionShape = (typeof PARTITION_SHAPES)[number];
