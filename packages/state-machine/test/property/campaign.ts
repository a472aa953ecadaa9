import fc from 'fast-check';
import { expect } from 'vitest';
import { runSequence, type SequenceOptions, type Tally } from './sequence.ts';

/*
 * Runs many random sequences and, when one fails, tells it in words and how to replay it.
 *
 * `MUTUAL_PROPERTY_RUNS` sets the number of sequences, 10 000 without it; `MUTUAL_PROPERTY_SEED` and `MUTUAL_PROPERTY_PATH` replay one that
 * failed; `MUTUAL_PROPERTY_SHRINK=0` does not look for a shorter one; `MUTUAL_PROPERTY_TALLY=1` prints what happened how often.
 */

const { MUTUAL_PROPERTY_RUNS, MUTUAL_PROPERTY_SEED, MUTUAL_PROPERTY_PATH, MUTUAL_PROPERTY_SHRINK, MUTUAL_PROPERTY_TALLY } = process.env;

/** Sequences in a whole campaign. */
export const RUNS: number = Number(MUTUAL_PROPERTY_RUNS ?? 10_000);

const COMMAND = 'node node_modules/vitest/vitest.mjs run --project state-machine test/property';

/** Each number is a die that decides one operation. */
const sequences = fc.array(fc.nat(), { minLength: 8, maxLength: 36, size: 'max' });

/** Fails with the shortest failing sequence in words and the command that replays it. Returns what happened how often. */
export function runCampaign(runs: number, options: SequenceOptions): Tally {
  const tally: Tally = new Map();
  const replay = {
    ...(MUTUAL_PROPERTY_SEED === undefined ? {} : { seed: Number(MUTUAL_PROPERTY_SEED) }),
    ...(MUTUAL_PROPERTY_PATH === undefined ? {} : { path: MUTUAL_PROPERTY_PATH }),
  };
  const property = fc.property(sequences, (steps) => {
    runSequence(steps, options, tally);
  });
  const result = fc.check(property, { numRuns: runs, endOnFailure: MUTUAL_PROPERTY_SHRINK === '0', ...replay });
  if (MUTUAL_PROPERTY_TALLY !== undefined) for (const [what, count] of [...tally].sort()) process.stdout.write(`${count} × ${what}\n`);
  if (!result.failed) return tally;
  throw new Error(
    [
      ...traceOf(result.counterexample?.[0] ?? [], options),
      `seed ${result.seed}, after ${result.numRuns} sequences and ${result.numShrinks} steps of shrinking. Replay it with`,
      `MUTUAL_PROPERTY_SEED=${result.seed} MUTUAL_PROPERTY_PATH=${result.counterexamplePath} ${COMMAND} -t '${expect.getState().currentTestName}'`,
    ].join('\n'),
  );
}

/** Whether a campaign is one of the usual length, in which everything has to be seen; a replay is not. */
export function isWholeCampaign(): boolean {
  return MUTUAL_PROPERTY_PATH === undefined && RUNS >= 10_000;
}

function traceOf(steps: readonly number[], options: SequenceOptions): readonly string[] {
  const lines: string[] = [];
  try {
    runSequence(steps, { ...options, trace: (line) => lines.push(line) });
  } catch (error) {
    lines.push(error instanceof Error && error.name !== 'Difference' ? (error.stack ?? String(error)) : String(error));
  }
  return lines;
}
