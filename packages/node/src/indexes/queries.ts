import type { Address, Debt, LedgerRecord, Lot, LotId, Receipt, State } from '@mutual-chain/protocol';
import type { StateStore } from '../storage/state-store.ts';
import type { IndexReadLimits } from './limits.ts';

/** What lists are read from, and within which limits. */
export type IndexReader = { readonly store: StateStore; readonly limits: IndexReadLimits };

/** Where a committed transaction stands. */
export type TransactionPlace = { readonly height: number; readonly index: number };

/** Where a page of a list begins and how long it may be. */
export type ListPage<Position> = {
  /** `next` of the page before; without it the list begins. */
  readonly from?: Position;
  /** Most items, at least 1. */
  readonly limit: number;
};

/**
 * A page of a list. It may have fewer items than there are, even none, where looking for more would take too long; `next` is undefined when the
 * end was reached.
 */
export type ListPart<Item, Position> = { readonly items: readonly Item[]; readonly next: Position | undefined };

/** Where a record stands: height, and position among the records of its block. */
export type RecordPosition = { readonly height: number; readonly position: number };

/** Which records are wanted: those that fit every field given. Heights are inclusive. */
export type RecordSelection = {
  readonly lot?: LotId;
  /** Payer or payee. */
  readonly account?: Address;
  readonly asset?: string;
  readonly fromHeight?: number;
  readonly toHeight?: number;
};

/** Which lots are wanted: those that fit every field given. */
export type LotSelection = {
  readonly owner?: Address;
  readonly counterparty?: Address;
  readonly asset?: string;
  readonly state?: State;
};

/** Which debts are wanted: those that fit every field given. */
export type DebtSelection = { readonly lender?: Address; readonly borrower?: Address };

/** A receipt with the records that its transaction wrote. */
export type ReceiptWithRecords = { readonly receipt: Receipt; readonly records: readonly LedgerRecord[] };

/** A lot and its id. */
export type IdentifiedLot = { readonly id: LotId; readonly lot: Lot };

/** A debt and its id. */
export type IdentifiedDebt = { readonly id: LotId; readonly debt: Debt };
