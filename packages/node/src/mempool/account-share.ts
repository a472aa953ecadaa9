import { ACCOUNT_SHARES } from './limits.ts';

/** How full something is, in whole percent of its limits: that of the tighter one. */
export function fullPercent(count: number, countMax: number, bytes: number, bytesMax: number): number {
  return Math.max(Math.floor((count * 100) / countMax), Math.floor((bytes * 100) / bytesMax));
}

/** How many admitted transactions an account may have while the mempool is so full, in percent; 0 above 100. */
export function accountShare(percent: number): number {
  return ACCOUNT_SHARES.find(({ fullPercentMax }) => percent <= fullPercentMax)?.transactionsMax ?? 0;
}
