/** What the form of the entries depends on. A change of these makes other entries of the same chain. */
export const INDEX_FORM = {
  /** Receipts or records in one entry: what has to be read and decoded to look at one of them. */
  chunkItems: 64,
  /** Heights between two entries of the validator set: how many turns are repeated at most to know the set of a height. */
  validatorIntervalHeights: 256,
} as const;

/** Limits of reading lists. They bound how long one page takes and how long the process does nothing else. */
export type IndexReadLimits = {
  /** Index entries that one page looks at before it is returned as it is, full or not. */
  readonly pageEntriesMax: number;
  /** Chunks of records that one page looks at before it is returned as it is, full or not. */
  readonly pageChunksMax: number;
  /** Index entries read from the database at once. */
  readonly readEntries: number;
  /** Chunks of records, or entries of the state, after which other work of the process gets its turn. */
  readonly turnReads: number;
};

/** The limits where nothing else is said. */
export const INDEX_READ_LIMITS: IndexReadLimits = { pageEntriesMax: 8192, pageChunksMax: 256, readEntries: 128, turnReads: 16 };
