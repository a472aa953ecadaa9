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
  INDEX_ENTRY_MISSING: 'The indexes lack an entry that another one names: the database has lost what was written.',
  FILE_NOT_FOUND: 'There is no file or directory of this name.',
  FILE_EXISTS: 'A file of this name is there already.',
  FILE_NO_SPACE: 'The disk is full, or the quota of this user used up.',
  FILE_FORBIDDEN: 'This user has no right to the file or directory.',
  FILE_FAILED: 'The disk reported an error.',
  WAL_DAMAGED: 'The write-ahead log of the height being decided is damaged before its end; file, offset and remedy are named.',
  WAL_OTHER_CHAIN: 'The write-ahead log belongs to another chain.',
  WAL_FORMAT_UNKNOWN: 'The write-ahead log was written by another version that this one cannot read.',
  WAL_WRITE_FAILED: 'A write to the write-ahead log was not made durable; nothing more is accepted until it is opened again.',
  JOURNAL_OTHER_CHAIN: 'The journal of transactions belongs to another chain.',
  JOURNAL_FORMAT_UNKNOWN: 'The journal of transactions was written by another version that this one cannot read.',
  JOURNAL_WRITE_FAILED:
    'A write to the journal of transactions was not made durable; nothing more is taken from clients until the node is started again.',
  SIGNER_STATE_MISSING: 'There is no file that says what this key signed last.',
  SIGNER_STATE_DAMAGED: 'The file that says what this key signed last is damaged.',
  SIGNER_STATE_FOREIGN: 'The file that says what was signed last is of another key or another chain.',
  SIGNER_STATE_IN_USE: 'Another process signs with the same record of what was signed last.',
  SIGNER_STATE_LOWER: 'What is imported as signed last is below, or in conflict with, what is known to be.',
  SIGNER_STATE_EXISTS: 'There is a file already that says what this key signed last.',
  SIGNER_STATE_WRITE_FAILED: 'What was signed last was not made durable; nothing more is signed until the node is started again.',
  KEY_FILE_DAMAGED: 'A key file is not what was written, or not a key file.',
  KEY_FILE_UNSUPPORTED: 'A key file uses a version, cipher or derivation that this program does not read, or costs beyond its limits.',
  KEY_FILE_PASSPHRASE_WRONG: 'The passphrase does not open the key file.',
  KEY_FILE_TOO_OPEN: 'Others than its owner have rights to a key file.',
  KEY_FILE_EXISTS: 'A key would be written over another one.',
  NETWORK_MESSAGE_INVALID: 'Bytes from a peer are no message of this protocol; the link to the peer is cut.',
  NETWORK_KEY_INVALID: 'The key of the node in the network is none.',
  NETWORK_ADDRESS_INVALID: 'An address to listen on is none; it is named.',
  NETWORK_LISTEN_FAILED: 'The node cannot listen on an address; it is named.',
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
