import type { CloseReason } from './close-reason.ts';
import { CHANNELS, type Channel } from './limits.ts';

/** Counters of one channel over all peers. */
export type ChannelCounters = {
  messagesSent: number;
  bytesSent: number;
  messagesReceived: number;
  bytesReceived: number;
  /** Messages for which a queue had no room. */
  messagesDropped: number;
  /** Times that reading from a peer was paused because of its rate. */
  pauses: number;
};

/** What a transport has done since it was started. Counters only grow; `bytesQueued` is what waits now. */
export type TransportCounters = {
  readonly channels: Readonly<Record<Channel, ChannelCounters>>;
  /** Bytes that wait to be sent, over all peers and channels. */
  bytesQueued: number;
  dials: number;
  dialsFailed: number;
  /** Connections that the admission check has ended before any protocol. */
  outsidersRefused: number;
  linksOpened: number;
  /** Links that ended, by reason. */
  readonly linksClosed: Partial<Record<CloseReason, number>>;
  /** Connections that ended before they became links, by reason. */
  readonly refused: Partial<Record<CloseReason, number>>;
  requestsSent: number;
  requestsFailed: number;
  requestsReceived: number;
};

/** Counters at zero. */
export function createCounters(): TransportCounters {
  const zero = (): ChannelCounters => ({
    messagesSent: 0,
    bytesSent: 0,
    messagesReceived: 0,
    bytesReceived: 0,
    messagesDropped: 0,
    pauses: 0,
  });
  const channels = Object.fromEntries(CHANNELS.map((channel) => [channel, zero()])) as Record<Channel, ChannelCounters>;
  return {
    channels,
    bytesQueued: 0,
    dials: 0,
    dialsFailed: 0,
    outsidersRefused: 0,
    linksOpened: 0,
    linksClosed: {},
    refused: {},
    requestsSent: 0,
    requestsFailed: 0,
    requestsReceived: 0,
  };
}

/** Counts one more of a reason. */
export function countReason(counts: Partial<Record<CloseReason, number>>, reason: CloseReason): void {
  counts[reason] = (counts[reason] ?? 0) + 1;
}
