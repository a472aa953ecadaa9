import type { StreamName } from './limits.ts';

/** A two-way stream of bytes within a connection. */
export type ByteStream = {
  /** Whether nothing of what was written still waits in this process. */
  readonly isIdle: () => boolean;
  /** Writes bytes, which are not changed afterwards; does nothing after the end. */
  readonly write: (bytes: Uint8Array) => void;
  /** Takes no more bytes from the peer until `resume`. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Begins to read; called once. What has arrived before is read first. */
  readonly listen: (listener: ByteStreamListener) => void;
};

/** What a stream tells. */
export type ByteStreamListener = {
  /** Bytes have arrived; they may be changed after the call. */
  readonly bytes: (chunk: Uint8Array) => void;
  /** The stream is idle again. */
  readonly idle: () => void;
  /** Nothing arrives any more. */
  readonly ended: () => void;
};

/** An encrypted connection whose other end is authenticated. */
export type Link = {
  /** Peer id at the other end. */
  readonly peer: string;
  /** Whether this node has dialled; if so, it opens the streams. */
  readonly isDialler: boolean;
  /** Opens a stream; rejects when that fails or the connection ends. */
  readonly open: (name: StreamName) => Promise<ByteStream>;
  /** Ends the connection when what was written has left, or after `closeTimeoutMs`. */
  readonly close: () => void;
};
