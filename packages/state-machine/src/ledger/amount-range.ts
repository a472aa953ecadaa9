import type { Address } from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';
import { holdingOf } from './holdings.ts';

/**
 * Largest supply of an asset, and largest sum of what one owner has asked for without anybody holding it: 2^127 − 1.
 *
 * Half the range of amounts each, so that counters to which both kinds of request add stay in range whatever anybody asks for.
 */
export const SUPPLY_MAX: bigint = (1n << 127n) - 1n;

/** Whether an owner may ask for `amount` that nobody holds yet, besides `replaced`, the part of the counter which it replaces. */
export function fitsPendingIn(execution: Execution, owner: Address, asset: string, amount: bigint, replaced = 0n): boolean {
  return holdingOf(execution, owner, asset).pendingIn - replaced + amount <= SUPPLY_MAX;
}
