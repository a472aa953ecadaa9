import { beforeAll, describe, expect, test } from 'vitest';
import { MARKS } from '../src/campaign/marks.ts';
import { type CampaignTotals, CLASS_NAMES } from '../src/campaign/totals.ts';
import { runMain } from './run-main.ts';

/*
 * Goal: a cluster under faults of every kind breaks no rule, and the faults do happen.
 * Method: runs a thousand seeds in two processes and looks at what they met; runs some of them twice.
 */

const SEEDS = 1000;
const CLASS_SHARE_MIN = 0.3;

let totals: CampaignTotals;

beforeAll(async () => {
  const { output } = await runMain(['--seeds', String(SEEDS), '--heights', '5', '--jobs', '2', '--json']);
  totals = JSON.parse(output) as CampaignTotals;
}, 900_000);

describe('a thousand seeds', () => {
  test('break no rule', () => {
    expect({ seeds: totals.seeds, failures: totals.failures }).toEqual({ seeds: SEEDS, failures: [] });
  });

  test('meet every mark', () => {
    expect(MARKS.filter((mark) => totals.marks[mark] === 0)).toEqual([]);
  });

  test('meet every kind of fault', () => {
    expect(Object.entries(totals.faults).flatMap(([kind, count]) => (count === 0 ? [kind] : []))).toEqual([]);
  });

  test.each(CLASS_NAMES)('have faults of the class %s in at least three of ten', (name) => {
    expect(totals.classes[name]).toBeGreaterThanOrEqual(SEEDS * CLASS_SHARE_MIN);
  });
});

test('a seed is the same run each time', async () => {
  const { code, output } = await runMain(['--seeds', '12', '--from', '5000', '--twice', '--json']);
  const { seeds, failures } = JSON.parse(output) as CampaignTotals;
  expect({ code, seeds, failures }).toEqual({ code: 0, seeds: 12, failures: [] });
}, 300_000);
