import { type Address, equalBytes, type LotId, STATES } from '@mutual-chain/protocol';
import { debtTable, lotTable, type StateView } from '@mutual-chain/state-machine';
import type { StateStore } from '../storage/state-store.ts';
import { decodeAssetList } from './asset-list.ts';
import { ASSET_BYTES, assetAt, assetPart, indexKeyOf, joined, keyAfter, paddedAssetPart, prefixEnd } from './index-key.ts';
import type { DebtSelection, IdentifiedDebt, IdentifiedLot, IndexReader, ListPage, ListPart, LotSelection } from './queries.ts';
import { Turns } from './turns.ts';

const ID_BYTES = 32;

/** What to do with an index key: it stands for an item, for none, or there is none below another key. */
type Verdict<Item> = { readonly item: Item } | { readonly skipTo: Uint8Array } | undefined;

/** A page of the lots that fit a selection. */
export function readLots(
  reader: IndexReader,
  selection: LotSelection,
  page: ListPage<Uint8Array>,
): Promise<ListPart<IdentifiedLot, Uint8Array>> {
  const { owner, counterparty, asset, state } = selection;
  const digit = state === undefined ? undefined : STATES.indexOf(state);
  const inState = (prefix: Uint8Array): Uint8Array => (digit === undefined ? prefix : joined(prefix, Uint8Array.of(digit)));
  const read = (key: Uint8Array): Verdict<IdentifiedLot> => itemOf(readLot(reader.store.view, key.slice(-ID_BYTES) as LotId, selection));
  if (owner !== undefined) return readList(reader, inState(indexKeyOf('lotOfOwner', owner)), page, read);
  if (counterparty !== undefined) return readList(reader, inState(indexKeyOf('lotOfCounterparty', counterparty)), page, read);
  if (asset !== undefined) return readList(reader, inState(indexKeyOf('lotOfAsset', paddedAssetPart(asset))), page, read);
  return readList(reader, indexKeyOf('lotOfAsset'), page, (key) => skippedState(key, digit) ?? read(key));
}

/** Where lots of one asset stand in the order of their states, the others need not be looked at. */
function skippedState(key: Uint8Array, wanted: number | undefined): Verdict<never> {
  const state = key[1 + ASSET_BYTES];
  if (wanted === undefined || state === undefined || state === wanted) return undefined;
  const asset = key.subarray(0, 1 + ASSET_BYTES);
  return { skipTo: state < wanted ? joined(asset, Uint8Array.of(wanted)) : prefixEnd(asset) };
}

/** The lot, unless it fits no more: the state may be a moment behind or ahead of the index. */
function readLot(view: StateView, id: LotId, { owner, counterparty, asset, state }: LotSelection): IdentifiedLot | undefined {
  const bytes = view.get(lotTable.keyOf(id));
  if (bytes === undefined) return undefined;
  const lot = lotTable.codec.decode(bytes);
  const fits =
    (owner === undefined || equalBytes(lot.owner, owner)) &&
    (counterparty === undefined || equalBytes(lot.counterparty, counterparty)) &&
    (asset === undefined || lot.asset === asset) &&
    (state === undefined || STATES[lot.state] === state);
  return fits ? { id, lot } : undefined;
}

/** A page of the debts that fit a selection. */
export function readDebts(
  reader: IndexReader,
  selection: DebtSelection,
  page: ListPage<Uint8Array>,
): Promise<ListPart<IdentifiedDebt, Uint8Array>> {
  const { lender, borrower } = selection;
  const prefix =
    lender === undefined && borrower !== undefined
      ? indexKeyOf('debtOfBorrower', borrower)
      : indexKeyOf('debtOfLender', ...(lender === undefined ? [] : [lender]));
  return readList(reader, prefix, page, (key) => itemOf(readDebt(reader.store.view, key.slice(-ID_BYTES) as LotId, selection)));
}

function readDebt(view: StateView, id: LotId, { lender, borrower }: DebtSelection): IdentifiedDebt | undefined {
  const bytes = view.get(debtTable.keyOf(id));
  if (bytes === undefined) return undefined;
  const debt = debtTable.codec.decode(bytes);
  const fits = (lender === undefined || equalBytes(debt.lender, lender)) && (borrower === undefined || equalBytes(debt.borrower, borrower));
  return fits ? { id, debt } : undefined;
}

/** A page of the ids of assets. */
export async function readAssets(reader: IndexReader, { from, limit }: ListPage<string>): Promise<ListPart<string, string>> {
  const prefix = indexKeyOf('asset');
  const page = { limit, ...(from === undefined ? {} : { from: assetPart(from) }) };
  const { items, next } = await readList(reader, prefix, page, (key) => ({ item: assetAt(key, prefix.length) }));
  return { items, next: next === undefined ? undefined : assetAt(next, 0) };
}

/** Ids of all assets that an owner has a holding of. */
export function readAssetsOf(store: StateStore, owner: Address): readonly string[] {
  return decodeAssetList(store.readIndex(indexKeyOf('assetsOfOwner', owner)));
}

/** A page of the items that the keys below a prefix stand for, in the order of keys. A position is a key without the prefix. */
async function readList<Item>(
  { store, limits }: IndexReader,
  prefix: Uint8Array,
  { from: position, limit }: ListPage<Uint8Array>,
  read: (key: Uint8Array) => Verdict<Item>,
): Promise<ListPart<Item, Uint8Array>> {
  const { pageEntriesMax, readEntries, turnReads } = limits;
  const turns = new Turns(turnReads);
  const to = prefixEnd(prefix);
  const items: Item[] = [];
  let from = position === undefined ? prefix : joined(prefix, position);
  for (let entries = 0; entries < pageEntriesMax; ) {
    const rows = await store.readIndexRange({ from, to, limit: readEntries });
    const last = rows.at(-1);
    if (last === undefined) return { items, next: undefined };
    from = keyAfter(last.key);
    for (const { key } of rows) {
      entries += 1;
      await turns.read();
      const verdict = read(key);
      if (verdict === undefined) continue;
      if ('skipTo' in verdict) {
        from = verdict.skipTo;
        break;
      }
      if (items.length === limit) return { items, next: key.slice(prefix.length) };
      items.push(verdict.item);
    }
  }
  return { items, next: from.slice(prefix.length) };
}

function itemOf<Item>(item: Item | undefined): Verdict<Item> {
  return item === undefined ? undefined : { item };
}
