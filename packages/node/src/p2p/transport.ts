import type { Address } from '@mutual-chain/protocol';
import type { CloseReason } from './close-reason.ts';
import type { Channel } from './limits.ts';
import type { TransportCounters } from './transport-counters.ts';

/** A node that may be linked. */
export type Member = {
  /** Peer id, as text. */
  readonly peer: string;
  /** Places for validators are never taken by followers. */
  readonly role: 'validator' | 'follower';
  /** Multiaddresses without the peer id, such as `/dns4/node1.example.org/tcp/26600`; none for a member that dials by itself. */
  readonly addresses: readonly string[];
};

/** A peer that is linked. */
export type ConnectedPeer = {
  readonly peer: string;
  /** Height that it had committed when the link came up, as it says. */
  readonly height: number;
  /** Address of the validator key that it has proved to hold; undefined when it named none. */
  readonly validator: Address | undefined;
};

/** What became of a message: a queued one may still be lost with its link. */
export type SendOutcome = 'queued' | 'dropped' | 'notConnected';

/**
 * What became of a request.
 * `declined`: the peer has no answer or is too busy. `tooMany`: requests under way to this peer. `queueFull`: nothing more waits for it.
 */
export type RequestOutcome =
  | { readonly ok: true; readonly response: Uint8Array }
  | { readonly ok: false; readonly reason: 'declined' | 'tooMany' | 'queueFull' | 'timedOut' | 'notConnected' | 'disconnected' };

/**
 * What a transport tells. Calls for one peer come in this order: `connected`, anything else, `disconnected`. Bytes belong to who is called.
 * Nothing is called before `start` or after `stop` has finished. What these functions throw is thrown at the process.
 */
export type TransportEvents = {
  /** A link is up. */
  readonly connected: (peer: ConnectedPeer) => void;
  /** A link is down; `byPeer` when it was the peer who gave the reason. */
  readonly disconnected: (peer: string, reason: CloseReason, byPeer: boolean) => void;
  /** A peer is not linked for a reason that lies in it or in this node; not told for connections that got lost or gave way to a better one. */
  readonly refused: (peer: string, reason: CloseReason, byPeer: boolean) => void;
  /** A message came; those of one channel in the order in which they were sent. */
  readonly received: (peer: string, channel: Channel, message: Uint8Array) => void;
  /** A request came; `answer` takes the response, or undefined to decline, once, at any later time. */
  readonly requested: (peer: string, request: Uint8Array, answer: (response: Uint8Array | undefined) => void) => void;
};

/**
 * Links to all members that can be reached, as long as the node runs: framed messages in three channels, and requests with responses.
 * Members are dialled for ever, except where there is a link.
 */
export type Transport = {
  /** Own peer id. */
  readonly peer: string;
  /** Begins to listen and to dial; resolves when it listens. Errors: `NETWORK_LISTEN_FAILED`, `NETWORK_ADDRESS_INVALID`. */
  readonly start: () => Promise<void>;
  /** Says farewell and ends all links; resolves when nothing of it is left in the process. Safe to call twice. */
  readonly stop: () => Promise<void>;
  /** Multiaddresses with the peer id that others can dial; empty before `start`. */
  readonly addresses: () => readonly string[];
  /** Peers that are linked, in the order of their ids. */
  readonly peers: () => readonly ConnectedPeer[];
  /**
   * Replaces the members: links to others end with `notAdmitted`. Returns a sentence for each peer id or address that cannot be used and is left
   * out; members come from the chain too, where a mistake of one must not stop the others.
   */
  readonly admit: (members: readonly Member[]) => readonly string[];
  /** Queues a message of 1 to `messageBytesMax` bytes, which is not changed afterwards. */
  readonly send: (peer: string, channel: Channel, message: Uint8Array) => SendOutcome;
  /** Sends a request of 1 to `messageBytesMax` bytes of the bulk channel; `done` is called once, never before this returns. */
  readonly request: (peer: string, request: Uint8Array, done: (outcome: RequestOutcome) => void) => void;
  /** Ends the link to a peer that broke the rules; it is dialled again later, so that a repaired node comes back. */
  readonly cut: (peer: string) => void;
  /** What was done since `start`. */
  readonly counters: () => TransportCounters;
};

/** Time on a clock that never goes back. */
export type TransportClock = {
  /** ms since some moment. */
  readonly monotonicMs: () => number;
  /** Runs something after a delay, ms; the result cancels it. */
  readonly schedule: (delayMs: number, run: () => void) => () => void;
};
