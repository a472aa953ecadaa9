import type { DebtSelection, IdentifiedDebt, IdentifiedLot, ListPage, ListPart, LotSelection, RecordSelection } from '@mutual-chain/node';
import { compareBytes, encodeHex, type LedgerRecord, STATES } from '@mutual-chain/protocol';
import type { ChainOfEverything } from './chain-of-everything.ts';

/* What lists have to show, found by looking at everything. */

const same = (left: Uint8Array | undefined, right: Uint8Array): boolean => left === undefined || encodeHex(left) === encodeHex(right);

/** Records that fit, in the order in which they were written. */
export function expectedRecords(chain: ChainOfEverything, selection: RecordSelection): readonly LedgerRecord[] {
  const { lot, account, asset, fromHeight = 0, toHeight = Number.MAX_SAFE_INTEGER } = selection;
  return chain.records.filter(({ transaction: { height, ...transaction } }) => {
    const isParty = same(account, transaction.from) || same(account, transaction.to);
    return (
      height >= fromHeight &&
      height <= toHeight &&
      same(lot, transaction.lot) &&
      isParty &&
      (asset ?? transaction.asset) === transaction.asset
    );
  });
}

/** Lots that fit: by asset where nobody's are asked for, then by state and id. */
export function expectedLots(chain: ChainOfEverything, { owner, counterparty, asset, state }: LotSelection): readonly IdentifiedLot[] {
  const isByAsset = owner === undefined && counterparty === undefined;
  return chain.lots
    .filter(({ lot }) => same(owner, lot.owner) && same(counterparty, lot.counterparty))
    .filter(({ lot }) => (asset ?? lot.asset) === lot.asset && (state ?? STATES[lot.state]) === STATES[lot.state])
    .sort((left, right) => {
      const byAsset = left.lot.asset < right.lot.asset ? -1 : left.lot.asset > right.lot.asset ? 1 : 0;
      return firstOf([isByAsset ? byAsset : 0, left.lot.state - right.lot.state, compareBytes(left.id, right.id)]);
    });
}

/** Debts that fit: by lender where nobody's are asked for, then by id. */
export function expectedDebts(chain: ChainOfEverything, { lender, borrower }: DebtSelection): readonly IdentifiedDebt[] {
  return chain.debts
    .filter(({ debt }) => same(lender, debt.lender) && same(borrower, debt.borrower))
    .sort((left, right) => {
      const byLender = lender === undefined && borrower === undefined ? compareBytes(left.debt.lender, right.debt.lender) : 0;
      return firstOf([byLender, compareBytes(left.id, right.id)]);
    });
}

/** The first comparison that tells two things apart. */
function firstOf(comparisons: readonly number[]): number {
  return comparisons.find((each) => each !== 0) ?? 0;
}

/** All pages of a list, one after another; each of its own length. */
export async function readPages<Item, Position>(
  read: (page: ListPage<Position>) => Promise<ListPart<Item, Position>>,
  limits: readonly number[],
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let next: Position | undefined;
  for (let page = 0; page < 10_000; page++) {
    const limit = limits[page % limits.length] ?? 1;
    const part = await read({ limit, ...(next === undefined ? {} : { from: next }) });
    if (part.items.length > limit) throw new Error(`a page of ${part.items.length} items where ${limit} were asked for`);
    items.push(...part.items);
    next = part.next;
    if (next === undefined) return items;
  }
  throw new Error('a list without an end');
}
