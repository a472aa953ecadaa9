/** Limits of the indexes and of reading them. */
export const INDEX_LIMITS = {
  /** Receipts or records in one entry: what has to be read and decoded to look at one of them. */
  chunkItems: 64,
  /** Heights between two entries of the validator set: how many turns are repeated at most to know the set of a height. */
  validatorIntervalHeights: 256,
  /** Index entries that one page of a list looks at before it is returned as it is, full or not. */
  pageEntriesMax: 8192,
  /** Chunks of records that one page of a list looks at before it is returned as it is, full or not. */
  pageChunksMax: 256,
  /** Index entries read from the database at once. */
  readEntries: 128,
  /** Chunks of records, or entries of the state, after which other work of the process gets its turn. */
  turnReads: 16,
} as const;
