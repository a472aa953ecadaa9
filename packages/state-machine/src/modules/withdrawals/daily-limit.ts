import { type Address, AMOUNT_MAX, isAmount } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { accountOf } from '../../ledger/accounts.ts';
import { withdrawalDayTable } from '../../state/tables.ts';

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

/** Whether a further request stays within the owner's own daily limit; no limit is set when it is 0. */
export function isWithinDailyLimit(execution: Execution, owner: Address, asset: string, further: bigint): boolean {
  const { dailyLimit } = accountOf(execution, owner);
  return dailyLimit === 0n || withdrawnToday(execution, owner, asset) + further <= dailyLimit;
}

/** Counts a further request against today; a count too large for an amount stays at the largest, above every limit. */
export function countWithdrawal(execution: Execution, owner: Address, asset: string, further: bigint): void {
  const sum = withdrawnToday(execution, owner, asset) + further;
  const requested = isAmount(sum) ? sum : AMOUNT_MAX;
  execution.state.set(withdrawalDayTable, { owner, asset }, { day: utcDay(execution.nowSec), requested });
}
