import { type Address, assertInvariant, EMPTY_HOLDING, type Holding, lockedAmount, NATIVE_ASSET, type State } from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';
import { holdingTable, releaseScheduleTable } from '../state/tables.ts';
import { accountOf } from './accounts.ts';

/** The main lot of an owner and asset, or what it is before it was first funded. */
export function holdingOf(execution: Execution, owner: Address, asset: string): Holding {
  return execution.state.get(holdingTable, { owner, asset }) ?? EMPTY_HOLDING;
}

/**
 * State from which a request is split off the main lot: S5 once it is funded, S0 before. A closed one (S6) ends its generation, so the next
 * request begins at S0.
 */
export function mainLotState(execution: Execution, owner: Address, asset: string): State {
  return holdingOf(execution, owner, asset).state === 5 ? 'S5' : 'S0';
}

/** Replaces some fields of a holding. */
export function updateHolding(execution: Execution, owner: Address, asset: string, change: Partial<Holding>): void {
  execution.state.set(holdingTable, { owner, asset }, { ...holdingOf(execution, owner, asset), ...change });
}

/** How much of the main lot its owner may use now: all of it, less what a release schedule still locks (MTN only). */
export function availableOf(execution: Execution, owner: Address, asset: string): bigint {
  const { amount } = holdingOf(execution, owner, asset);
  const locked = asset === NATIVE_ASSET ? lockedOf(execution, owner) : 0n;
  return amount > locked ? amount - locked : 0n;
}

/** How much MTN the account's release schedule still locks; computed from the time, never stored. */
function lockedOf(execution: Execution, owner: Address): bigint {
  if (!accountOf(execution, owner).scheduled) return 0n;
  const schedule = execution.state.get(releaseScheduleTable, owner);
  assertInvariant(schedule !== undefined, 'an account marked as scheduled has a release schedule');
  return lockedAmount(schedule, execution.nowSec);
}

/** Adds to the main lot (coalescing), which becomes active; a closed one starts its next generation. */
export function creditHolding(execution: Execution, owner: Address, asset: string, amount: bigint): void {
  if (amount === 0n) return;
  const holding = holdingOf(execution, owner, asset);
  execution.state.set(
    holdingTable,
    { owner, asset },
    {
      ...holding,
      amount: holding.amount + amount,
      state: 5,
      generation: holding.state === 6 ? holding.generation + 1 : holding.generation,
    },
  );
}

/** Takes from the main lot; the caller has checked that it is available. */
export function debitHolding(execution: Execution, owner: Address, asset: string, amount: bigint): void {
  if (amount === 0n) return;
  const holding = holdingOf(execution, owner, asset);
  assertInvariant(holding.amount >= amount, 'a debit never exceeds the main lot');
  execution.state.set(holdingTable, { owner, asset }, { ...holding, amount: holding.amount - amount });
}

/** Adds signed amounts to the counters of requests in flight. */
export function changePending(execution: Execution, owner: Address, asset: string, change: { in?: bigint; out?: bigint }): void {
  const holding = holdingOf(execution, owner, asset);
  const pendingIn = holding.pendingIn + (change.in ?? 0n);
  const pendingOut = holding.pendingOut + (change.out ?? 0n);
  assertInvariant(pendingIn >= 0n && pendingOut >= 0n, 'counters of requests in flight never fall below zero');
  execution.state.set(holdingTable, { owner, asset }, { ...holding, pendingIn, pendingOut });
}
