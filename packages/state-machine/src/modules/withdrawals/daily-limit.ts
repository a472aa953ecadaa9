import { type Address, AMOUNT_MAX, isAmount } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { accountOf, updateAccount } from '../../ledger/accounts.ts';
import { dailyLimitRaiseTable, withdrawalDayTable } from '../../state/tables.ts';

const SECONDS_PER_DAY = 86_400n;

/** UTC day of a block time. */
export function utcDay(nowSec: number): number {
  return Number(BigInt(nowSec) / SECONDS_PER_DAY);
}

/** What the owner has requested to withdraw of this asset today. Cancelled requests still count: the limit is against theft. */
function withdrawnToday(execution: Execution, owner: Address, asset: string): bigint {
  const last = execution.state.get(withdrawalDayTable, { owner, asset });
  return last?.day === utcDay(execution.nowSec) ? last.requested : 0n;
}

/** The limit that holds today; 0 means none. On the day on which it was raised, that is the lowest of the day. */
function limitToday(execution: Execution, owner: Address): bigint {
  const raise = execution.state.get(dailyLimitRaiseTable, owner);
  return raise?.day === utcDay(execution.nowSec) ? raise.limitThatDay : accountOf(execution, owner).dailyLimit;
}

/**
 * Sets an owner's daily limit: a lower one at once, a higher one or none from the next UTC day on, so that a stolen key is held to one day's
 * limit before its owner has noticed.
 */
export function setDailyLimit(execution: Execution, owner: Address, dailyLimit: bigint): void {
  const limitThatDay = limitToday(execution, owner);
  const raised = limitThatDay !== 0n && (dailyLimit === 0n || dailyLimit > limitThatDay);
  if (raised) execution.state.set(dailyLimitRaiseTable, owner, { day: utcDay(execution.nowSec), limitThatDay });
  else if (execution.state.get(dailyLimitRaiseTable, owner) !== undefined) execution.state.delete(dailyLimitRaiseTable, owner);
  updateAccount(execution, owner, { dailyLimit });
}

/** Whether a further request stays within the owner's own daily limit; no limit is set when it is 0. */
export function isWithinDailyLimit(execution: Execution, owner: Address, asset: string, further: bigint): boolean {
  const limit = limitToday(execution, owner);
  return limit === 0n || withdrawnToday(execution, owner, asset) + further <= limit;
}

/** Counts a further request against today; a count too large for an amount stays at the largest, above every limit. */
export function countWithdrawal(execution: Execution, owner: Address, asset: string, further: bigint): void {
  const sum = withdrawnToday(execution, owner, asset) + further;
  const requested = isAmount(sum) ? sum : AMOUNT_MAX;
  execution.state.set(withdrawalDayTable, { owner, asset }, { day: utcDay(execution.nowSec), requested });
}
