/** What the journal found on the disk, or met while writing, and has dealt with; for counters and for the operator to know. */
export type JournalIncident = {
  /**
   * `tailDropped`: the last write to a segment came to no end: it was never acknowledged, and is ignored.
   * `damaged`: the disk has lost something that was durable; everything that can still be read was taken.
   * `full`: there was no space for what clients had handed in, and they were told.
   */
  readonly type: 'tailDropped' | 'damaged' | 'full';
  readonly path: string;
  /** Where the good part of the file ends. */
  readonly offset: number;
  /** Bytes behind it. */
  readonly bytes: number;
};
