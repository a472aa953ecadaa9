// Goal: the closing line of a run tells the truth. Method: reports as vitest writes them, shortened.

import { describe, expect, test } from 'vitest';
import { addTotals, closingLine, failuresOfVitest, isSuccess, totalsOfVitest } from '../../scripts/test-totals.ts';

const report = (changes: object): string =>
  JSON.stringify({ success: true, numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [], ...changes });

describe('totals of a vitest report', () => {
  test('are those of its tests', () => {
    expect(totalsOfVitest(report({ numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 }))).toEqual({
      passed: 3,
      failed: 2,
      skipped: 2,
    });
  });

  test('count a file that could not be loaded as one failed test', () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ];
    expect(totalsOfVitest(report({ numFailedTests: 1, testResults }))).toEqual({ passed: 3, failed: 2, skipped: 0 });
  });
});

test('failures of a vitest report are named, files that could not be loaded too', () => {
  const long = Array.from({ length: 40 }, (_, line) => `line ${line}`);
  const testResults = [
    { name: 'a.test.ts', status: 'failed', message: 'cannot load', assertionResults: [] },
    {
      name: 'b.test.ts',
      status: 'failed',
      assertionResults: [
        { status: 'passed', fullName: 'adds' },
        { status: 'failed', fullName: 'divides', failureMessages: [long.join('\n')] },
        { status: 'failed', fullName: 'multiplies' },
      ],
    },
    { name: 'c.test.ts', status: 'passed', assertionResults: [{ status: 'passed', fullName: 'counts' }] },
  ];
  expect(failuresOfVitest(report({ testResults }))).toEqual([
    { file: 'a.test.ts', test: '', message: 'cannot load' },
    { file: 'b.test.ts', test: 'divides', message: long.slice(0, 12).join('\n') },
    { file: 'b.test.ts', test: 'multiplies', message: '' },
  ]);
});

test('totals add up', () => {
  const one = { passed: 1, failed: 2, skipped: 3 };
  expect(addTotals([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
  expect(addTotals([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
});

test.each([
  [{ passed: 412, failed: 0, skipped: 0 }, '412 passed, 0 failed', true],
  [{ passed: 412, failed: 1, skipped: 0 }, '412 passed, 1 failed', false],
  [{ passed: 4, failed: 0, skipped: 3 }, '4 passed, 0 failed, 3 skipped', true],
  [{ passed: 0, failed: 0, skipped: 3 }, '0 passed, 0 failed, 3 skipped', false],
])('%j closes with %j', (totals, line, success) => {
  expect(closingLine(totals)).toBe(line);
  expect(isSuccess(totals)).toBe(success);
});
