// The shell of a node: what it keeps, and later what it says and hears.

export { NODE_ERRORS, type NodeErrorCode, nodeError } from './errors.ts';
export { FILE_ERROR_CODES, type FileErrorCode, fileError, isFileError } from './file-system/file-error.ts';
export type { FileSystem, OpenFile, OpenMode } from './file-system/file-system.ts';
export { nodeFileSystem } from './file-system/node-file-system.ts';
export type { Signer, SignOutcome, SignRefusal, SignRequest } from './signer/signer.ts';
export { LevelStateStore, type LevelStateStoreOptions } from './storage/level-state-store.ts';
export { makeDirectory } from './storage/make-directory.ts';
export { MemoryStateStore } from './storage/memory-state-store.ts';
export type { HeightCommit, IndexEntry, StateStore, StoreIdentity, StoreTip } from './storage/state-store.ts';
export { WAL_LIMITS } from './wal/limits.ts';
export type { LogIncident, LogRecord, WriteAheadLog } from './wal/write-ahead-log.ts';
