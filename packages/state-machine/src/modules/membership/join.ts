import { type Address, type Bytes32, NATIVE_ASSET } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { accountOf, updateAccount } from '../../ledger/accounts.ts';
import { availableOf } from '../../ledger/holdings.ts';
import { stakeEscrow, ZERO_ADDRESS, ZERO_ID } from '../../ledger/known-addresses.ts';
import { moveNow } from '../../ledger/movement.ts';
import { openedLotId } from '../../ledger/requests.ts';
import { checkSpending } from '../../ledger/spending.ts';
import { membershipTable } from '../../state/tables.ts';
import type { Operation } from '../module.ts';

/** What is on file for an account nobody has said anything about. */
export const EMPTY_MEMBERSHIP = {
  stake: 0n,
  joinedAt: 0,
  credentialHash: ZERO_ID as Uint8Array as Bytes32,
  jurisdiction: '',
  registrar: ZERO_ADDRESS as Address,
} as const;

/** Whether the account has joined and not left. */
export function hasJoined(execution: Execution, address: Address): boolean {
  return (execution.state.get(membershipTable, address)?.joinedAt ?? 0) !== 0;
}

/**
 * Locks the joining stake in the membership escrow and makes the account a member. Where admission is open a newcomer rises to level 1;
 * where it is the registrar's, a level must have been set before.
 */
export const join: Operation<'Join'> = {
  check: (execution, { from }) => {
    const account = accountOf(execution, from);
    if (execution.parameters.admission === 'registrar' && account.level === 0) return 'LEVEL_TOO_LOW';
    const spending = checkSpending(execution, from, NATIVE_ASSET, 'join');
    if (spending !== 'OK') return spending;
    if (availableOf(execution, from, NATIVE_ASSET) < execution.parameters.joiningStake) return 'INSUFFICIENT_BALANCE';
    return hasJoined(execution, from) ? 'ALREADY_MEMBER' : 'OK';
  },
  execute: (execution, { from }) => {
    const stake = execution.parameters.joiningStake;
    moveNow(execution, {
      lot: openedLotId(execution),
      from,
      to: stakeEscrow(execution.chain.cryptography),
      asset: NATIVE_ASSET,
      amount: stake,
      product: 'membership',
      action: 'join',
    });
    const membership = execution.state.get(membershipTable, from) ?? EMPTY_MEMBERSHIP;
    execution.state.set(membershipTable, from, { ...membership, stake, joinedAt: execution.nowSec });
    if (accountOf(execution, from).level === 0) updateAccount(execution, from, { level: 1 });
  },
};
