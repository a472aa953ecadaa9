import { NATIVE_ASSET, STATE_NAMESPACES } from '@mutual-chain/protocol';
import { nameOfEntry } from '../../audit/entry-name.ts';
import { stakeEscrow } from '../../ledger/known-addresses.ts';
import { holdingTable, membershipTable } from '../../state/tables.ts';
import type { Invariant } from '../module.ts';

/** The membership escrow holds the stakes of those who have joined, and nothing else. */
export const stakes: Invariant = {
  name: 'stakes',
  violations: (state) => {
    const violations: string[] = [];
    let sum = 0n;
    for (const { key, value: membership } of state.rows(STATE_NAMESPACES.membership, membershipTable)) {
      if (membership.joinedAt === 0 && membership.stake > 0n) violations.push(`${nameOfEntry(key)}: has a stake and has not joined`);
      if (membership.joinedAt > state.nowSec) violations.push(`${nameOfEntry(key)}: joined in the future`);
      sum += membership.stake;
    }
    const escrow = { owner: stakeEscrow(state.context.cryptography), asset: NATIVE_ASSET };
    const held = state.get(holdingTable, escrow)?.amount ?? 0n;
    if (held !== sum) violations.push(`${nameOfEntry(holdingTable.keyOf(escrow))}: holds ${held}, stakes are ${sum}`);
    return violations;
  },
};
