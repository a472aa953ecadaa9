/** How a measure is spread; all in the unit of the samples. */
export type Percentiles = { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number };

/** Percentiles of samples, of which there is one at least. */
export function percentilesOf(samples: readonly number[]): Percentiles {
  const sorted = [...samples].sort((left, right) => left - right);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
