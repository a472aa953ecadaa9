import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { GroundName } from './ground-names.ts';
import type { HuntResult } from './hunt.ts';
import type { PlantedBug } from './planted-bug.ts';

const HOOK = new URL('plant-hook.ts', import.meta.url).href;
const MAIN = fileURLToPath(new URL('hunt-main.ts', import.meta.url));

/** A hunt that is to be made: for a bug, or without one, for control. */
export type Hunt = {
  readonly bug: PlantedBug | undefined;
  readonly ground: GroundName;
  /** Most seeds that are tried; as many as the ground has when left out. */
  readonly seedsMax?: number;
};

/** A hunt with what came of it. */
export type FinishedHunt = Hunt & HuntResult;

/** Makes hunts, each in a process of its own, so many at a time; the results are in the order of the hunts. */
export async function runHunts(
  hunts: readonly Hunt[],
  jobs: number,
  finished: (hunt: FinishedHunt) => void,
): Promise<readonly FinishedHunt[]> {
  const results: FinishedHunt[] = [];
  const waiting = [...hunts.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, each] = next;
      const result = { ...each, ...(await runHunt(each)) };
      results[index] = result;
      finished(result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
  return results;
}

function runHunt({ bug, ground, seedsMax }: Hunt): Promise<HuntResult> {
  const { MUTUAL_PLANTED_BUG: _, ...inherited } = process.env;
  const env = bug === undefined ? inherited : { ...inherited, MUTUAL_PLANTED_BUG: bug.name };
  const args = [
    '--conditions=mutual-source',
    ...(bug === undefined ? [] : [`--import=${HOOK}`]),
    MAIN,
    ground,
    ...(seedsMax === undefined ? [] : [String(seedsMax)]),
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(text) as HuntResult);
      else reject(new Error(`the hunt for ${bug?.name ?? 'nothing'} on ${ground} ended with ${code}`));
    });
  });
}
