import { expect, test } from 'vitest';
import { EXECUTION_MS_MAX, ExecutionPace, PACED_TRANSACTIONS_MIN } from '../../src/chain/execution-pace.ts';

/** Executes blocks as large as the pace allows on a machine that needs so long for a transaction, ms. */
function afterBlocks(count: number, costMs: number): number {
  const pace = new ExecutionPace();
  for (let block = 0; block < count; block++) pace.executed(pace.transactionsMax, pace.transactionsMax * costMs);
  return pace.transactionsMax;
}

test.each([
  ['before anything was executed', 0, 1, 1_500],
  ['on a fast machine', 50, 0.02, 7_500],
  ['on a slow one', 50, 1, 150],
  ['on one that hardly gets on', 50, 100, PACED_TRANSACTIONS_MIN],
])('blocks have so many transactions %s', (_, count, costMs, expected) => {
  expect(Math.abs(afterBlocks(count, costMs) - expected)).toBeLessThanOrEqual(1);
});

test('small blocks say nothing', () => {
  const pace = new ExecutionPace();
  for (let block = 0; block < 100; block++) pace.executed(1, EXECUTION_MS_MAX);
  expect(pace.transactionsMax).toBe(1_500);
});
