import { assertInvariant, NATIVE_ASSET } from '@mutual-chain/protocol';
import { accountOf, updateAccount } from '../../ledger/accounts.ts';
import { blocksReceipts, freezeOf } from '../../ledger/freezes.ts';
import { stakeEscrow } from '../../ledger/known-addresses.ts';
import { moveNow } from '../../ledger/movement.ts';
import { openedLotId } from '../../ledger/requests.ts';
import { definedAsset } from '../../ledger/spending.ts';
import { membershipTable } from '../../state/tables.ts';
import type { Operation } from '../module.ts';
import { hasJoined } from './join.ts';

/**
 * Returns the joining stake to a member with nothing open, unless a deep freeze keeps money from coming in. Level 1 ends with the membership that gave it; a level that rests on the
 * registrar's finding (2, 3) stays until it expires or is changed, so that nobody's money is stranded by leaving.
 */
export const leave: Operation<'Leave'> = {
  check: (execution, { from }) => {
    const account = accountOf(execution, from);
    if (blocksReceipts(freezeOf(execution, from, NATIVE_ASSET, definedAsset(execution, NATIVE_ASSET)))) return 'FROZEN';
    if (!hasJoined(execution, from)) return 'NOT_A_MEMBER';
    return account.openLots > 0 || account.openDebts > 0 || account.roles !== 0 ? 'OBLIGATIONS_OPEN' : 'OK';
  },
  execute: (execution, { from }) => {
    const membership = execution.state.get(membershipTable, from);
    assertInvariant(membership !== undefined, 'the check found the membership');
    moveNow(execution, {
      lot: openedLotId(execution),
      from: stakeEscrow(execution.chain.cryptography),
      to: from,
      asset: NATIVE_ASSET,
      amount: membership.stake,
      product: 'membership',
      action: 'leave',
    });
    execution.state.set(membershipTable, from, { ...membership, stake: 0n, joinedAt: 0 });
    if (accountOf(execution, from).level === 1) updateAccount(execution, from, { level: 0 });
  },
};
