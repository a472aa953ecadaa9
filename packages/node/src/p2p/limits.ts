import { CONSENSUS_MESSAGE_BYTES_MAX } from '../runtime/consensus-messages.ts';

/** The channels of a link, the most urgent first. */
export const CHANNELS = ['consensus', 'transactions', 'bulk'] as const;

/** What a message is about: votes and small proposals, batches of transactions, or whatever is long. */
export type Channel = (typeof CHANNELS)[number];

/** The streams of a link in the order in which they are served. */
export const STREAMS = ['control', 'consensus', 'transactions', 'bulk'] as const;

/** One stream of a link. */
export type StreamName = (typeof STREAMS)[number];

/**
 * What happens to a message that the queue has no room for.
 * `dropOldest`: the messages that wait longest give way; newer votes are worth more, and consensus sends again what a peer lacks.
 * `dropNewest`: it is not taken, and the sender is told.
 */
export type OverflowPolicy = 'dropOldest' | 'dropNewest';

/** Limits of one stream of one link. */
export type StreamLimits = {
  /** Longest frame, bytes, without its length. */
  readonly frameBytesMax: number;
  /** Longest message, bytes. */
  readonly messageBytesMax: number;
  /** What may wait to be sent, bytes. */
  readonly queueBytesMax: number;
  readonly overflow: OverflowPolicy;
  /** What is read from a peer in the long run, bytes a second, each frame counting as `frameCostBytes` more. */
  readonly bytesPerSecond: number;
  /** What is read at once after a pause, bytes. */
  readonly burstBytes: number;
};

/** Limits of each stream of a link to a peer. */
export const STREAM_LIMITS: Readonly<Record<StreamName, StreamLimits>> = {
  /** Hello, heartbeats and farewells, each far below the limit. */
  control: {
    frameBytesMax: 256,
    messageBytesMax: 256,
    queueBytesMax: 4_096,
    overflow: 'dropNewest',
    bytesPerSecond: 16_384,
    burstBytes: 65_536,
  },
  /** A message has at most 512 votes of 131 bytes; the queue has all votes of a hundred validators for fifty rounds. */
  consensus: {
    frameBytesMax: 69_632,
    messageBytesMax: 69_632,
    queueBytesMax: 1_310_720,
    overflow: 'dropOldest',
    bytesPerSecond: 4_194_304,
    burstBytes: 4_194_304,
  },
  /** A batch is closed at 64 KiB and may exceed it by its last transaction; the rate is four times 5000 transactions a second of 400 bytes. */
  transactions: {
    frameBytesMax: 69_632,
    messageBytesMax: 69_632,
    queueBytesMax: 2_097_152,
    overflow: 'dropNewest',
    bytesPerSecond: 8_388_608,
    burstBytes: 8_388_608,
  },
  /** Pieces of 64 KiB, so that a vote waits for one at most; the queue has two of the longest messages. */
  bulk: {
    frameBytesMax: 65_536,
    messageBytesMax: CONSENSUS_MESSAGE_BYTES_MAX,
    queueBytesMax: 2 * CONSENSUS_MESSAGE_BYTES_MAX,
    overflow: 'dropNewest',
    bytesPerSecond: 67_108_864,
    burstBytes: 16_777_216,
  },
};

/** Limits of the transport besides those of its streams. */
export const TRANSPORT_LIMITS = {
  /** Bytes that a frame costs besides its own when rates are measured: handling many empty frames is work too. */
  frameCostBytes: 128,
  /** Bytes of small frames that are handed to the operating system at once. */
  writeBytesMax: 65_536,
  /** Requests to one peer, and of one peer, that are under way at once: enough to keep a link busy. */
  requestsInFlightMax: 8,
  /** Time for a request to be answered, ms: the longest answer at 4 Mbit/s. */
  requestTimeoutMs: 10_000,
  /** Time from an open connection to an accepted hello with its channels, ms. */
  handshakeTimeoutMs: 5_000,
  /** Time between heartbeats, ms. */
  heartbeatIntervalMs: 2_000,
  /** Time without a byte from a peer after which it is taken for lost, ms: five heartbeats. */
  silenceMs: 10_000,
  /** Time in which a peer takes nothing of what waits for it, or answers no heartbeat, after which it is cut, ms. */
  stallMs: 25_000,
  /** Time for a connection to be made, ms: two losses of its first packet. */
  dialTimeoutMs: 4_000,
  /** Time by which the peer with the greater id lets the other dial first, ms, so that two connections are rarely made. */
  diallerHeadStartMs: 250,
  /** Longest wait before a peer is dialled for the second time, ms; it doubles with each failure. */
  redialFirstMs: 100,
  /** Longest wait before a peer is dialled again, ms: an outage that is over is noticed within it and the time of one dial. */
  redialMaxMs: 2_000,
  /** Connections that have not finished their handshakes; more are refused. */
  pendingConnectionsMax: 32,
  /** New connections a second from one host; more are refused. */
  connectionsPerHostPerSecond: 32,
  /** Linked peers that are no validators; the places of validators are never taken by others. */
  followersMax: 64,
  /** Connections altogether: twice the members of the largest set and the followers, while old ones give way to new ones. */
  connectionsMax: 328,
  /** What a stream may have under way without being read, bytes: with more, a vote would wait behind bulk in the operating system. */
  streamWindowBytes: 1_048_576,
  /** Time for what was sent last to leave before a connection is ended, ms. */
  closeTimeoutMs: 1_000,
} as const;
