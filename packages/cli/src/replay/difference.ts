/** The first thing in a chain that is not as it has to be. */
export type Difference = {
  /** Block in which it is; undefined when it is not in a block. */
  readonly height?: number;
  /** What differs: `header.stateRoot`, `transactions.3`, `blocks`, … */
  readonly field: string;
  /** Stable word for the reason. */
  readonly code: string;
  /** The same in a sentence. */
  readonly message: string;
};

/** A difference in one line. */
export function describeDifference({ height, field, code, message }: Difference): string {
  return `${height === undefined ? '' : `height ${height}, `}${field}: ${code}: ${message}`;
}

/** Codes of differences that a replay finds by itself; the others are those of what it calls. */
export const REPLAY_DIFFERENCES = {
  CHAIN_ID_WRONG: 'The file is of another chain than the genesis document, or a header is.',
  GENESIS_WRONG: 'The file begins at another genesis than the document makes.',
  STATE_ROOT_WRONG: 'The state is not the one that the block, or the genesis document, says.',
  BLOCKS_MISSING: 'The file ends before the height that the folder has reached.',
  BLOCK_WRONG: 'The folder holds another block at this height.',
  TIP_WRONG: 'The last block is not the one that the end of the file names.',
  INVARIANT_BROKEN: 'Something does not hold in the whole state that every block keeps.',
  CLI_BLOCK_NOT_CANONICAL: 'A block decodes, but its bytes are not the ones that its contents have.',
} as const;

/** A code of `REPLAY_DIFFERENCES`. */
export type ReplayDifferenceCode = keyof typeof REPLAY_DIFFERENCES;
