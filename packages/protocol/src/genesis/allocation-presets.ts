import { YEAR_SEC } from './release-schedule.ts';

/** How a tranche's MTN becomes free. */
export type TrancheRule =
  | { readonly kind: 'liquid' }
  /** Nothing for `lockSec`, then evenly over twice that time. */
  | { readonly kind: 'linear'; readonly lockSec: number }
  /** Nothing for `lockSec`, then everything. */
  | { readonly kind: 'cliff'; readonly lockSec: number }
  /** In equal quarters, all tranches of this rule together. */
  | { readonly kind: 'quarterly'; readonly quarters: number }
  /** What each step says is free in all: from `afterSec` after genesis on, `bps` of each account, rounded down. The last is everything. */
  | { readonly kind: 'steps'; readonly steps: readonly { readonly afterSec: number; readonly bps: number }[] };

/** One part of the supply: its size and its rule. */
export type TrancheDefinition = { readonly name: string; readonly amount: bigint; readonly rule: TrancheRule };

/** A whole supply and its tranches, which add up to it. */
export type AllocationPreset = { readonly supply: bigint; readonly tranches: readonly TrancheDefinition[] };

/** Name of a preset allocation. */
export type PresetName = 'muton' | 'trst';

const MTN = 10n ** 18n;
const COMMUNITY_QUARTERS = 12;

/** Allocations named by a genesis document. Sources: white paper, chapter 6 (`muton`); token distribution of TRST (`trst`). */
export const ALLOCATION_PRESETS: Readonly<Record<PresetName, AllocationPreset>> = {
  muton: {
    supply: 400_000_000n * MTN,
    tranches: [
      { name: 'presale', amount: 60_000_000n * MTN, rule: { kind: 'liquid' } },
      { name: 'sale', amount: 140_000_000n * MTN, rule: { kind: 'liquid' } },
      { name: 'founders', amount: 80_000_000n * MTN, rule: { kind: 'linear', lockSec: YEAR_SEC } },
      { name: 'reserve', amount: 80_000_000n * MTN, rule: { kind: 'quarterly', quarters: COMMUNITY_QUARTERS } },
      { name: 'research', amount: 40_000_000n * MTN, rule: { kind: 'quarterly', quarters: COMMUNITY_QUARTERS } },
    ],
  },
  trst: {
    supply: 100_000_000n * MTN,
    tranches: [
      { name: 'sale', amount: 80_000_000n * MTN, rule: { kind: 'liquid' } },
      { name: 'team', amount: 10_000_000n * MTN, rule: { kind: 'cliff', lockSec: 2 * YEAR_SEC } },
      { name: 'bounty', amount: 10_000_000n * MTN, rule: { kind: 'liquid' } },
    ],
  },
};
