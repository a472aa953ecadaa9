import { expect, test } from 'vitest';
import type { TwinsTotals } from '../src/twins/run-twins.ts';
import { runMain } from './run-main.ts';

/*
 * Goal: no honest instance decides another block than the others, whatever two instances of one key sign; with two keys of four it does happen.
 * Method: runs every scenario of leaders and groups over the rounds, and compares what the enumeration comes to.
 */

async function twins(settings: string): Promise<TwinsTotals> {
  const { output } = await runMain(['--twins', settings, '--json']);
  return JSON.parse(output) as TwinsTotals;
}

test('one key of four used twice, two groups, three rounds: every scenario', async () => {
  const { cpuMs, ...totals } = await twins('4,1,2,3');
  expect(totals).toEqual({
    scenarios: 165_375,
    distinct: 15_649,
    impossibleLeaders: 15,
    roundsRun: 7016,
    livenessRoundsMax: 1,
    failures: [],
  });
});

test('one key of four used twice, three groups, two rounds: every scenario', async () => {
  const { failures } = await twins('4,1,3,2');
  expect(failures).toEqual([]);
});

test('two keys of four used twice: forks are found, and those who made them are a third of the power', async () => {
  const { failures } = await twins('4,2,2,2');
  expect(
    failures.map(({ checker, isThirdAccused, accused }) => ({ checker, isThirdAccused, accused: accused.map((each) => each.slice(0, 2)) })),
  ).toEqual(failures.map(() => ({ checker: 'agreement', isThirdAccused: true, accused: ['01', '02'] })));
  expect(failures.length).toBeGreaterThan(0);
});
