import { type Account, type Address, EMPTY_ACCOUNT, EMPTY_HOLDING, lockedAmount, NATIVE_ASSET, STATES } from '@mutual-chain/protocol';
import type { AccountView, BalanceView } from '@mutual-chain/rpc/server';
import {
  accountTable,
  chainStatusTable,
  effectiveLevel,
  holdingTable,
  releaseScheduleTable,
  type StateOverlay,
} from '@mutual-chain/state-machine';

/** Time of the ledger in a state, unix seconds. */
function nowSecOf(state: StateOverlay): number {
  return Math.floor((state.get(chainStatusTable, undefined)?.timestampMs ?? 0) / 1000);
}

/** What an owner has of an asset in a state. */
export function balanceOf(state: StateOverlay, owner: Address, asset: string): BalanceView {
  const { amount, pendingIn, pendingOut } = state.get(holdingTable, { owner, asset }) ?? EMPTY_HOLDING;
  const held = asset === NATIVE_ASSET ? lockedOf(state, owner) : 0n;
  const locked = held < amount ? held : amount;
  return { available: amount - locked, locked, pendingIn, pendingOut };
}

function lockedOf(state: StateOverlay, owner: Address): bigint {
  const schedule = state.get(releaseScheduleTable, owner);
  return schedule === undefined ? 0n : lockedAmount(schedule, nowSecOf(state));
}

/** An account in a state, with its balances of the given assets. */
export function accountViewOf(state: StateOverlay, address: Address, assets: readonly string[]): AccountView {
  const account: Account = state.get(accountTable, address) ?? EMPTY_ACCOUNT;
  const balances = assets.map((asset) => {
    const digit = (state.get(holdingTable, { owner: address, asset }) ?? EMPTY_HOLDING).state;
    return { asset, state: STATES[digit] ?? 'S0', ...balanceOf(state, address, asset) };
  });
  return { account, effectiveLevel: effectiveLevel(account, nowSecOf(state)), balances };
}
