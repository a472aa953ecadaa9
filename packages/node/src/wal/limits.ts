/** Limits of the write-ahead log. */
export const WAL_LIMITS = {
  /** Payload of one record, bytes: four times the largest block. */
  recordBytesMax: 16_777_216,
  /** Content of a frame, bytes, from which on it is synchronised without being asked to, so that little waits in memory. */
  frameFlushBytes: 1_048_576,
  /** Content of one frame, bytes: what may wait, and one more record with its kind and length. */
  frameContentBytesMax: 17_825_797,
  /** Committed heights whose segments are kept, for looking at what happened. */
  committedHeightsKept: 8,
} as const;
