import { NATIVE_ASSET, STATE_NAMESPACES } from '@mutual-chain/protocol';
import { isOpen } from '../ledger/requests.ts';
import type { Invariant } from '../modules/module.ts';
import { assetTable, holdingTable, lotTable } from '../state/tables.ts';
import type { AuditedState } from './audited-state.ts';
import { assetOfHolding, nameOfEntry } from './entry-name.ts';

/** Per asset, the supply is what lies in main lots and what open lots hold; the supply of MTN never changes. */
export const conservation: Invariant = {
  name: 'conservation',
  violations: (state) => {
    const violations: string[] = [];
    const sums = new Map<string, bigint>();
    const add = (name: string, asset: string, amount: bigint): void => {
      if (state.get(assetTable, asset) === undefined) violations.push(`${name}: asset ${asset} is not defined`);
      sums.set(asset, (sums.get(asset) ?? 0n) + amount);
    };
    for (const { key, value } of state.rows(STATE_NAMESPACES.holding, holdingTable))
      add(nameOfEntry(key), assetOfHolding(key), value.amount);
    for (const { key, value } of state.rows(STATE_NAMESPACES.lot, lotTable)) {
      if (isOpen(value)) add(nameOfEntry(key), value.asset, value.amount);
    }
    for (const { key, value } of state.rows(STATE_NAMESPACES.asset, assetTable)) {
      const sum = sums.get(key.slice(1)) ?? 0n;
      if (sum !== value.supply) violations.push(`${nameOfEntry(key)}: supply is ${value.supply}, its lots hold ${sum}`);
    }
    return [...violations, ...nativeSupply(state, sums)];
  },
};

/** MTN is conserved even on a chain that does not describe it as an asset. */
function nativeSupply(state: AuditedState, sums: ReadonlyMap<string, bigint>): readonly string[] {
  const { nativeSupply: expected } = state.context;
  const sum = sums.get(NATIVE_ASSET) ?? 0n;
  return expected === undefined || sum === expected ? [] : [`asset ${NATIVE_ASSET}: its lots hold ${sum}, genesis gave out ${expected}`];
}
