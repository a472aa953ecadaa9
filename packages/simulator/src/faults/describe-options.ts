import type { SimulationOptions } from './simulation-options.ts';

/** The options as one line of JSON, for people and for other programs. */
export function describeOptions(options: SimulationOptions): string {
  return JSON.stringify(options, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}
