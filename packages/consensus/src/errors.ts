import { ChainError } from '@mutual-chain/protocol';

/** Every code this package throws, with its meaning in one line. Codes are stable: appended, never renamed. */
export const CONSENSUS_ERRORS = {
  CONSENSUS_INPUT_BYTES_INVALID: 'Bytes from a log are not the one canonical form of an input of consensus; the field is named.',
  CONSENSUS_STATUS_BYTES_INVALID: 'Bytes from a peer are not the one canonical form of what it has; the field is named.',
} as const;

/** A code of `CONSENSUS_ERRORS`. */
export type ConsensusErrorCode = keyof typeof CONSENSUS_ERRORS;

/** Makes a `ChainError` of this package; the message says what is wrong and what to do. */
export function consensusError(
  code: ConsensusErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): ChainError<ConsensusErrorCode> {
  return new ChainError(code, message, details, cause);
}
