import { expect, test } from 'vitest';
import { runMain } from './run-main.ts';

/*
 * Goal: the checkers see a fork where no protocol can prevent one, say who is guilty, and the command makes the seed smaller and repeats it.
 * Method: runs a seed in which two of four keys are used twice, then the command that came out of it.
 */

const FORK =
  /agreement: node \d+ decides [0-9a-f]{8} at height \d+, where [0-9a-f]{8} is decided; guilty are [0-9a-f]{8} and [0-9a-f]{8}, at least a third of the power/;

test('two of four faulty: the fork is reported with those who made it, and a smaller run shows it as well', async () => {
  const { code, output } = await runMain(['--seed', '1', '--profile', 'fork']);
  const smaller = /smaller: pnpm sim (.*)/.exec(output)?.[1]?.split(' ') ?? [];
  const again = await runMain([...smaller, '--no-shrink']);
  expect({
    code,
    isForkReported: FORK.test(output),
    isMadeSmaller: smaller.includes('--without') && smaller.includes('--heights'),
    codeAgain: again.code,
    isForkRepeated: FORK.test(again.output),
  }).toEqual({ code: 1, isForkReported: true, isMadeSmaller: true, codeAgain: 1, isForkRepeated: true });
});

test('a command that is not understood says how it is used', async () => {
  const runs = await Promise.all(
    [['--seeds', '0'], ['--seed', 'x'], ['--profile', 'none'], ['--without', 'none'], ['--never']].map(runMain),
  );
  expect(runs.map(({ code, output }) => ({ code, isUsage: output.includes('usage: pnpm sim') }))).toEqual(
    runs.map(() => ({ code: 2, isUsage: true })),
  );
});
