import { TRANSPORT_LIMITS } from './limits.ts';

/**
 * How long to wait before the next dial after `failures` failed ones in a row, ms: doubling from `redialFirstMs` to `redialMaxMs`, less up to half of it
 * by chance, so that nodes that lost each other at the same moment do not dial in step. `chance` is from 0 to below 1.
 */
export function redialDelayMs(failures: number, chance: number): number {
  const { redialFirstMs, redialMaxMs } = TRANSPORT_LIMITS;
  const longest = Math.min(redialMaxMs, redialFirstMs * 2 ** Math.min(failures, 16));
  return Math.ceil(longest * (1 - chance / 2));
}
