import type { Address, BlockHeader, LedgerRecord, Parameters, Receipt, TransactionId, ValidatorSet } from '@mutual-chain/protocol';
import type { IndexableBlock } from '../chain/ledger-chain.ts';
import type { IndexEntry, StateStore } from '../storage/state-store.ts';
import { addBlockEntries } from './block-entries.ts';
import { INDEX_READ_LIMITS, type IndexReadLimits } from './limits.ts';
import type {
  DebtSelection,
  IdentifiedDebt,
  IdentifiedLot,
  IndexReader,
  ListPage,
  ListPart,
  LotSelection,
  ReceiptWithRecords,
  RecordPosition,
  RecordSelection,
  TransactionPlace,
} from './queries.ts';
import { readAssets, readAssetsOf, readDebts, readLots } from './read-lists.ts';
import { readEarliestHeight, readGenesisHeader, readReceipt, readReceipts, readTransactionPlace } from './read-receipts.ts';
import { readRecords } from './read-records.ts';
import { readParameters, readValidators } from './read-settings.ts';
import { addSettingEntries } from './setting-entries.ts';
import { addStateEntries } from './state-entries.ts';

/**
 * What is kept beside the chain so that it can be asked for: written in one batch with each block, and read without executing anything.
 *
 * Lists show what is committed while they are read; between two pages the chain goes on. Reading lets other work have its turn.
 * Errors of all reading: `STORAGE_RECORD_CORRUPT`, `STORAGE_UNAVAILABLE`, `INDEX_ENTRY_MISSING`.
 */
export type ChainIndexes = {
  /** Entries to be committed with a block, or with genesis; the store has to be at the state before it. */
  readonly indexesOf: (block: IndexableBlock) => readonly IndexEntry[];
  /** Whether a transaction is in a committed block. */
  readonly isCommitted: (id: TransactionId) => boolean;
  /** Where a committed transaction stands, or undefined. */
  readonly transactionPlace: (id: TransactionId) => TransactionPlace | undefined;
  /** What became of a committed transaction; undefined when there is none at that place, or it is not kept. */
  readonly receipt: (place: TransactionPlace) => ReceiptWithRecords | undefined;
  /** Receipts of a height in the order of its transactions; undefined when the height is not committed, or not kept. */
  readonly receipts: (height: number) => readonly Receipt[] | undefined;
  /** Header of genesis, which has no block; undefined when genesis was committed without indexes. */
  readonly genesisHeader: () => BlockHeader | undefined;
  /** The lowest height whose receipts and records are kept; undefined when there is none. */
  readonly earliestHeight: () => Promise<number | undefined>;
  /** Records in the order in which they were written, from heights that are kept. */
  readonly records: (selection: RecordSelection, page: ListPage<RecordPosition>) => Promise<ListPart<LedgerRecord, RecordPosition>>;
  /** Lots of the state. Positions are opaque: they are those of this selection alone. */
  readonly lots: (selection: LotSelection, page: ListPage<Uint8Array>) => Promise<ListPart<IdentifiedLot, Uint8Array>>;
  /** Debts of the state. Positions are opaque: they are those of this selection alone. */
  readonly debts: (selection: DebtSelection, page: ListPage<Uint8Array>) => Promise<ListPart<IdentifiedDebt, Uint8Array>>;
  /** Ids of assets in their order; a position is the id that the page begins with. */
  readonly assets: (page: ListPage<string>) => Promise<ListPart<string, string>>;
  /** Ids of the assets of which an owner has, or had, something, in their order. */
  readonly assetsOf: (owner: Address) => readonly string[];
  /** Who decided a height, with the priorities of that height; at genesis who decides height 1. Undefined when it is not kept. */
  readonly validators: (height: number) => Promise<ValidatorSet | undefined>;
  /** What a height was executed under. Undefined when it is not kept. */
  readonly parameters: (height: number) => Promise<Parameters | undefined>;
};

/** What indexes are made of. */
export type ChainIndexesOptions = {
  /** Where blocks and indexes are; has to be started before it is read. */
  readonly store: StateStore;
  readonly limits?: IndexReadLimits;
};

/** Indexes in a store. */
export function createChainIndexes({ store, limits = INDEX_READ_LIMITS }: ChainIndexesOptions): ChainIndexes {
  const reader: IndexReader = { store, limits };
  return {
    indexesOf: (block) => {
      const entries: IndexEntry[] = [];
      addBlockEntries(entries, block);
      addStateEntries(entries, block.changes, store);
      addSettingEntries(entries, block.header.height, block.changes, store.view);
      return entries;
    },
    isCommitted: (id) => readTransactionPlace(store, id) !== undefined,
    transactionPlace: (id) => readTransactionPlace(store, id),
    receipt: (place) => readReceipt(store, place),
    receipts: (height) => readReceipts(store, height),
    genesisHeader: () => readGenesisHeader(store),
    earliestHeight: () => readEarliestHeight(store),
    records: (selection, page) => readRecords(reader, selection, page),
    lots: (selection, page) => readLots(reader, selection, page),
    debts: (selection, page) => readDebts(reader, selection, page),
    assets: (page) => readAssets(reader, page),
    assetsOf: (owner) => readAssetsOf(store, owner),
    validators: (height) => readValidators(store, height),
    parameters: (height) => readParameters(store, height),
  };
}
