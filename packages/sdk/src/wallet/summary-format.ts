import { formatUnits, NATIVE_ASSET, type SummaryFormat } from '@mutual-chain/protocol';

/** Digits after the point of assets by id, known from elsewhere than a node that is not trusted. */
export type AssetDecimals = Readonly<Record<string, number>>;

const NATIVE_DECIMALS = 18;

/**
 * How summaries are written: amounts of assets whose decimals are known with a point, others as a number of smallest units that says so; times
 * in UTC.
 */
export function summaryFormat(decimals: AssetDecimals = {}): SummaryFormat {
  const known = new Map([...Object.entries(decimals), [NATIVE_ASSET, NATIVE_DECIMALS] as const]);
  return {
    formatAmount: (amount, asset) => {
      const places = known.get(asset ?? '');
      return places === undefined ? `${amount} (smallest units)` : formatUnits(amount, places);
    },
    formatTime: (unixSec) => (unixSec === 0 ? 'never' : new Date(unixSec * 1000).toISOString()),
  };
}
