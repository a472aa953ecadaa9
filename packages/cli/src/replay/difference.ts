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
