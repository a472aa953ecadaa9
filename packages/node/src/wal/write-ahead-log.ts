/** A record of the log: opaque bytes with a kind. */
export type LogRecord<Kind extends string> = { readonly kind: Kind; readonly payload: Uint8Array };

/** What the log found on the disk and has dealt with; for counters and for the operator to know. */
export type LogIncident = {
  /**
   * `tailDropped`: the last frame was not written to its end, or is damaged, and nothing valid follows: it was cut off.
   * `committedDamaged`: the segment of a committed height is damaged; nothing depends on it.
   */
  readonly type: 'tailDropped' | 'committedDamaged';
  readonly height: number;
  readonly path: string;
  /** Where the good part of the file ends. */
  readonly offset: number;
  /** Bytes behind it. */
  readonly bytes: number;
};

/**
 * Keeps what consensus took in and said, by height, until the height is committed.
 *
 * Errors of every method: those of the file system, and `WAL_WRITE_FAILED` for all that is asked of a log after one of its writes failed. The
 * owner stops.
 */
export type WriteAheadLog<Kind extends string> = {
  /** Opens the log; removes what was being written when the process ended. */
  readonly start: () => void;
  /** Makes durable what was appended, unless a write failed, and closes. A second call does nothing. */
  readonly stop: () => void;
  /**
   * Begins a height, or goes on with it: drops what was not written to its end. Lower heights are committed; the newest few are kept. Higher
   * ones, of a chain that was set back, stay as they are.
   * Errors: `WAL_DAMAGED`, `WAL_OTHER_CHAIN`, `WAL_FORMAT_UNKNOWN`.
   */
  readonly startHeight: (height: number) => void;
  /** Durable records of a height, in order; none when there are none. Of a committed height that is damaged, those before the damage. */
  readonly recordsOf: (height: number) => readonly LogRecord<Kind>[];
  /** Adds a record to the height that was started. It is not durable yet, but may become so at any time. */
  readonly append: (kind: Kind, payload: Uint8Array) => void;
  /** Returns when everything appended is durable. */
  readonly sync: () => void;
};
