import { type Debt, type Lot, STATE_NAMESPACES } from '@mutual-chain/protocol';
import { debtTable, lotTable, type StateChange, type StateKey, type StateView, stateKeyToBytes } from '@mutual-chain/state-machine';
import type { IndexEntry, StateStore } from '../storage/state-store.ts';
import { decodeAssetList, encodeAssetList } from './asset-list.ts';
import { INDEX_KINDS, type IndexKind, indexKeyOf, paddedAssetPart } from './index-key.ts';

const NOTHING = new Uint8Array(0);

/** Adds what changes in the lists of holdings, assets, lots and debts; the store is at the state before the changes. */
export function addStateEntries(entries: IndexEntry[], changes: readonly StateChange[], store: StateStore): void {
  const { view } = store;
  const holdings = new Map<string, ChangedHoldings>();
  for (const { key, value } of changes) {
    switch (key.charCodeAt(0)) {
      case STATE_NAMESPACES.holding:
        collectHolding(holdings, key, value, view);
        break;
      case STATE_NAMESPACES.asset:
        addAsset(entries, key, value, view);
        break;
      case STATE_NAMESPACES.lot:
        addLot(entries, key, value, view);
        break;
      case STATE_NAMESPACES.debt:
        addDebt(entries, key, value, view);
        break;
    }
  }
  for (const changed of holdings.values()) entries.push(assetsEntry(store, changed));
}

/** Assets that an owner gets something of for the first time, and those whose holding ends. */
type ChangedHoldings = { readonly owner: Uint8Array; readonly begun: string[]; readonly ended: string[] };

const OWNER_END = 21;

/** A key of a holding has its owner, then the asset, behind the namespace. */
function collectHolding(holdings: Map<string, ChangedHoldings>, key: StateKey, value: Uint8Array | undefined, view: StateView): void {
  if ((view.get(key) === undefined) === (value === undefined)) return;
  const name = key.slice(1, OWNER_END);
  const changed = holdings.get(name) ?? { owner: stateKeyToBytes(key).slice(1, OWNER_END), begun: [], ended: [] };
  holdings.set(name, changed);
  (value === undefined ? changed.ended : changed.begun).push(key.slice(OWNER_END));
}

function assetsEntry(store: StateStore, { owner, begun, ended }: ChangedHoldings): IndexEntry {
  const key = indexKeyOf('assetsOfOwner', owner);
  const known = decodeAssetList(store.readIndex(key)).filter((asset) => !ended.includes(asset));
  const assets = [...known, ...begun].sort((left, right) => (left < right ? -1 : 1));
  return { key, value: assets.length === 0 ? undefined : encodeAssetList(assets) };
}

/** An asset that is defined, or ends. Its key differs from that in the state in the first byte alone. */
function addAsset(entries: IndexEntry[], key: StateKey, value: Uint8Array | undefined, view: StateView): void {
  if ((view.get(key) === undefined) === (value === undefined)) return;
  const indexKey = stateKeyToBytes(key);
  indexKey[0] = INDEX_KINDS.asset;
  entries.push({ key: indexKey, value: value === undefined ? undefined : NOTHING });
}

function addLot(entries: IndexEntry[], key: StateKey, value: Uint8Array | undefined, view: StateView): void {
  const partsOf = (bytes: Uint8Array | undefined): Parts => (bytes === undefined ? [] : partsOfLot(lotTable.codec.decode(bytes)));
  replace(entries, stateKeyToBytes(key).subarray(1), partsOf(view.get(key)), partsOf(value));
}

function addDebt(entries: IndexEntry[], key: StateKey, value: Uint8Array | undefined, view: StateView): void {
  const partsOf = (bytes: Uint8Array | undefined): Parts => (bytes === undefined ? [] : partsOfDebt(debtTable.codec.decode(bytes)));
  replace(entries, stateKeyToBytes(key).subarray(1), partsOf(view.get(key)), partsOf(value));
}

/** What stands before the id in the keys of an entry, one for each list that it is in. */
type Parts = readonly { readonly kind: IndexKind; readonly part: Uint8Array }[];

function partsOfLot({ owner, counterparty, asset, state }: Lot): Parts {
  const inState = (part: Uint8Array): Uint8Array => Uint8Array.of(...part, state);
  return [
    { kind: 'lotOfOwner', part: inState(owner) },
    { kind: 'lotOfAsset', part: inState(paddedAssetPart(asset)) },
    // A deposit or a withdrawal has nobody on the other side.
    ...(counterparty.some((byte) => byte !== 0) ? [{ kind: 'lotOfCounterparty', part: inState(counterparty) } as const] : []),
  ];
}

function partsOfDebt({ lender, borrower }: Debt): Parts {
  return [
    { kind: 'debtOfLender', part: lender },
    { kind: 'debtOfBorrower', part: borrower },
  ];
}

function replace(entries: IndexEntry[], id: Uint8Array, before: Parts, after: Parts): void {
  for (const each of before) if (!has(after, each)) entries.push({ key: indexKeyOf(each.kind, each.part, id), value: undefined });
  for (const each of after) if (!has(before, each)) entries.push({ key: indexKeyOf(each.kind, each.part, id), value: NOTHING });
}

function has(parts: Parts, { kind, part }: Parts[number]): boolean {
  return parts.some((each) => each.kind === kind && each.part.every((byte, index) => byte === part[index]));
}
