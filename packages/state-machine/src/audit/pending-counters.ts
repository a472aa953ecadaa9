import { STATE_NAMESPACES } from '@mutual-chain/protocol';
import { receiverOf } from '../ledger/rejection.ts';
import { isOpen } from '../ledger/requests.ts';
import type { Invariant } from '../modules/module.ts';
import { holdingTable, lotTable } from '../state/tables.ts';
import type { StateKey } from '../view/state-key.ts';
import { nameOfEntry } from './entry-name.ts';

type Pending = { readonly pendingIn: bigint; readonly pendingOut: bigint };

/** The counters of a holding are sums over open lots: what was requested for its owner, and what its owner's requests hold. */
export const pendingCounters: Invariant = {
  name: 'pending counters',
  violations: (state) => {
    const expected = new Map<StateKey, Pending>();
    const add = (key: StateKey, pendingIn: bigint, pendingOut: bigint): void => {
      const known = expected.get(key);
      expected.set(key, { pendingIn: (known?.pendingIn ?? 0n) + pendingIn, pendingOut: (known?.pendingOut ?? 0n) + pendingOut });
    };
    for (const { value: lot } of state.rows(STATE_NAMESPACES.lot, lotTable)) {
      if (!isOpen(lot)) continue;
      const receiver = receiverOf(lot);
      if (receiver !== undefined) add(holdingTable.keyOf({ owner: receiver, asset: lot.asset }), lot.requested, 0n);
      if (lot.amount > 0n) add(holdingTable.keyOf({ owner: lot.owner, asset: lot.asset }), 0n, lot.amount);
    }
    const violations: string[] = [];
    for (const { key, value: holding } of state.rows(STATE_NAMESPACES.holding, holdingTable)) {
      const { pendingIn, pendingOut } = expected.get(key) ?? { pendingIn: 0n, pendingOut: 0n };
      if (holding.pendingIn !== pendingIn)
        violations.push(`${nameOfEntry(key)}: pendingIn is ${holding.pendingIn}, open lots ask for ${pendingIn}`);
      if (holding.pendingOut !== pendingOut)
        violations.push(`${nameOfEntry(key)}: pendingOut is ${holding.pendingOut}, open lots hold ${pendingOut}`);
      expected.delete(key);
    }
    for (const key of expected.keys()) violations.push(`${nameOfEntry(key)}: missing, though open lots count in it`);
    return violations;
  },
};
