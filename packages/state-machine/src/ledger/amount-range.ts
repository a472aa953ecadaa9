import { type Address, SUPPLY_MAX } from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';
import { holdingOf } from './holdings.ts';

/** Whether an owner may ask for `amount` that nobody holds yet, besides `replaced`, the part of the counter which it replaces. */
export function fitsPendingIn(execution: Execution, owner: Address, asset: string, amount: bigint, replaced = 0n): boolean {
  return holdingOf(execution, owner, asset).pendingIn - replaced + amount <= SUPPLY_MAX;
}
