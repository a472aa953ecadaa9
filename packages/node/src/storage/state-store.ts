import type { BlockHash, GenesisHash, StateRoot } from '@mutual-chain/protocol';
import type { StateEntry, StatePreview, StateView } from '@mutual-chain/state-machine';

/** Which chain a store holds: a store of one chain is never opened for another. */
export type StoreIdentity = { readonly chainId: number; readonly genesisHash: GenesisHash };

/** The last committed height. */
export type StoreTip = { readonly height: number; readonly blockHash: BlockHash; readonly stateRoot: StateRoot };

/** An entry of an index that the caller keeps beside the chain; `key` is unique among all indexes. An undefined value deletes. */
export type IndexEntry = { readonly key: Uint8Array; readonly value: Uint8Array | undefined };

/** A stretch of the indexes: keys from `from` up to but not including `to`, in byte order or in the reverse of it. */
export type IndexRange = {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  /** Most entries, at least 1: the first ones in the order asked for. */
  readonly limit: number;
  readonly reverse?: boolean;
};

/** An index entry that is there. */
export type StoredIndexEntry = { readonly key: Uint8Array; readonly value: Uint8Array };

/** Everything that one height adds. It becomes durable together or not at all. */
export type HeightCommit = {
  /** One above the tip; 0 for genesis, which has no block. */
  readonly height: number;
  readonly blockHash: BlockHash;
  /** Live preview of the store's view whose changes become the state. */
  readonly preview: StatePreview;
  /** Canonical bytes of the block; empty for genesis. */
  readonly block: Uint8Array;
  /** Canonical bytes of its commit certificate, where there is one. */
  readonly certificate?: Uint8Array;
  readonly indexes?: readonly IndexEntry[];
};

/** Blocks, state and indexes of one chain. */
export type StateStore = {
  /**
   * Opens the store. Afterwards the view is that of the tip, whose state root has been recomputed from all entries and compared.
   * Errors: `STORAGE_UNAVAILABLE`, `STORAGE_LOCKED`, `STORAGE_DAMAGED`, `STORAGE_FORMAT_UNKNOWN`, `STORAGE_OTHER_CHAIN`, `STORAGE_RECORD_CORRUPT`,
   * `STORAGE_TIP_LOST`, `STORAGE_STATE_ROOT_MISMATCH`.
   */
  start(): Promise<void>;
  /** Waits for a commit under way and closes. A second call does nothing. */
  stop(): Promise<void>;
  /** The committed state. Reads verify checksums. Errors: `STORAGE_RECORD_CORRUPT`. */
  readonly view: StateView;
  /** The last committed height, or undefined before genesis. */
  readonly tip: StoreTip | undefined;
  /**
   * Makes a height durable, then promotes its preview. When the promise resolves, the height survives loss of power. After an error nothing of the
   * height counts and every further commit is refused. Errors: `STORAGE_HEIGHT_WRONG`, `STORAGE_WRITE_FAILED`.
   */
  commitHeight(commit: HeightCommit): Promise<void>;
  /** Canonical bytes of the block of a height, or undefined. Errors: `STORAGE_RECORD_CORRUPT`. */
  readBlock(height: number): Uint8Array | undefined;
  /** Canonical bytes of the certificate of a height, or undefined. Errors: `STORAGE_RECORD_CORRUPT`. */
  readCertificate(height: number): Uint8Array | undefined;
  /** Height of a block hash, or undefined. Errors: `STORAGE_RECORD_CORRUPT`. */
  heightOf(blockHash: BlockHash): number | undefined;
  /** Value of an index entry, or undefined. Errors: `STORAGE_RECORD_CORRUPT`. */
  readIndex(key: Uint8Array): Uint8Array | undefined;
  /** Index entries of a range, all of one moment; their checksums are verified. Errors: `STORAGE_RECORD_CORRUPT`, naming the first that is damaged. */
  readIndexRange(range: IndexRange): Promise<readonly StoredIndexEntry[]>;
  /** All entries of the committed state in key order; not to be used while heights are committed. Errors: `STORAGE_RECORD_CORRUPT`. */
  stateEntries(): AsyncIterable<StateEntry>;
};
