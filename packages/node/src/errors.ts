import { ChainError } from '@mutual-chain/protocol';

/** Every code this package throws, with its meaning in one line. Codes are stable: appended, never renamed. */
export const NODE_ERRORS = {
  STORAGE_UNAVAILABLE: 'A data directory cannot be created, read or written; path and remedy are named.',
  STORAGE_LOCKED: 'Another process has the data directory open.',
  STORAGE_DAMAGED: 'The database refuses to open because its own files are damaged.',
  STORAGE_FORMAT_UNKNOWN: 'The data directory was written by another version that this one cannot read.',
  STORAGE_OTHER_CHAIN: 'The data directory belongs to another chain.',
  STORAGE_RECORD_CORRUPT: 'A stored record does not have the checksum of its key and content.',
  STORAGE_TIP_LOST: 'The database has lost heights that were committed and synced.',
  STORAGE_STATE_ROOT_MISMATCH: 'The stored state does not have the state root of the last committed block.',
  STORAGE_HEIGHT_WRONG: 'A height is committed that does not follow the last one.',
  STORAGE_WRITE_FAILED: 'A write was not made durable; nothing more is accepted until the store is opened again.',
} as const;

/** A code of `NODE_ERRORS`. */
export type NodeErrorCode = keyof typeof NODE_ERRORS;

/** Makes a `ChainError` of this package; the message says what is wrong and what to do. */
export function nodeError(
  code: NodeErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): ChainError<NodeErrorCode> {
  return new ChainError(code, message, details, cause);
}
