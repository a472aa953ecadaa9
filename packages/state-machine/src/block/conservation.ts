import { assertInvariant, SUPPLY_MAX } from '@mutual-chain/protocol';
import { isOpen } from '../ledger/requests.ts';
import type { StateOverlay } from '../state/state-overlay.ts';
import { assetTable, holdingTable, lotTable } from '../state/tables.ts';

/** Characters of a holding's key before its asset: the namespace and the owner. */
const HOLDING_OWNER_END = 21;

/**
 * Asserts that a block conserves every asset: main lots and open lots together have changed by what the supply has changed by.
 *
 * Looks at what the block has written only, so that it costs little; an auditor adds up whole states.
 */
export function assertConserved(state: StateOverlay): void {
  const created = new Map<string, bigint>();
  const add = (asset: string, amount: bigint): void => {
    created.set(asset, (created.get(asset) ?? 0n) + amount);
  };
  // Most holdings of a block are of one asset: its sum stays out of the map while the keys end alike.
  let asset = '';
  let sum = 0n;
  state.forEachWritten(holdingTable, (key, before, after) => {
    if (key.length !== HOLDING_OWNER_END + asset.length || !key.endsWith(asset)) {
      add(asset, sum);
      asset = key.slice(HOLDING_OWNER_END);
      sum = 0n;
    }
    sum += (after?.amount ?? 0n) - (before?.amount ?? 0n);
  });
  add(asset, sum);
  state.forEachWritten(lotTable, (_, before, after) => {
    if (before !== undefined && isOpen(before)) add(before.asset, -before.amount);
    if (after !== undefined && isOpen(after)) add(after.asset, after.amount);
  });
  state.forEachWritten(assetTable, (key, before, after) => {
    assertInvariant((after?.supply ?? 0n) <= SUPPLY_MAX, 'no supply exceeds the largest there may be');
    add(key.slice(1), (before?.supply ?? 0n) - (after?.supply ?? 0n));
  });
  for (const [each, excess] of created) assertInvariant(excess === 0n, `a block makes ${excess} ${each} out of nothing`);
}
