import type { Catch, Ground } from './grounds/ground.ts';

/** What came of a hunt. */
export type HuntResult = {
  /** What gave the bug away, and with which seed; undefined when nothing did. */
  readonly caught: (Catch & { readonly seed: string }) | undefined;
  readonly seedsTried: number;
  /** Time of the processor, ms. */
  readonly cpuMs: number;
};

/** Tries so many seeds, from 1 on, until something breaks a rule. An error that nothing takes for a rule gives a bug away too. */
export async function hunt({ search }: Ground, seeds: number): Promise<HuntResult> {
  const startedUs = cpuUs();
  for (let tried = 1; tried <= seeds; tried++) {
    const found = await attempt(search, BigInt(tried));
    if (found === undefined) continue;
    return { caught: { ...found, seed: String(tried) }, seedsTried: tried, cpuMs: Math.round((cpuUs() - startedUs) / 1000) };
  }
  return { caught: undefined, seedsTried: seeds, cpuMs: Math.round((cpuUs() - startedUs) / 1000) };
}

async function attempt(search: Ground['search'], seed: bigint): Promise<Catch | undefined> {
  try {
    return await search(seed);
  } catch (error) {
    return { checker: 'error', description: error instanceof Error ? error.message : String(error) };
  }
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
