// The shell of a node: what it keeps, and later what it says and hears.

export { NODE_ERRORS, type NodeErrorCode, nodeError } from './errors.ts';
export { LevelStateStore, type LevelStateStoreOptions } from './storage/level-state-store.ts';
export { makeDirectory } from './storage/make-directory.ts';
export { MemoryStateStore } from './storage/memory-state-store.ts';
export type { HeightCommit, IndexEntry, StateStore, StoreIdentity, StoreTip } from './storage/state-store.ts';
