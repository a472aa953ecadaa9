// Everything that has to hold before a change may land: build, checks, tests with coverage, examples.
// The last line tells how many tests passed and failed; the exit code is 0 only if something ran and nothing failed.

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { printResults, ROOT, runStep, runSteps, type Step, type StepResult } from './run-step.ts';
import { BUILD, CHECKS } from './steps.ts';
import { addTotals, closingLine, failuresOfVitest, isSuccess, type TestTotals, totalsOfVitest } from './test-totals.ts';

const NOTHING: TestTotals = { passed: 0, failed: 0, skipped: 0 };
const ONE_PASSED: TestTotals = { ...NOTHING, passed: 1 };
const ONE_FAILED: TestTotals = { ...NOTHING, failed: 1 };

const REPORT = join(ROOT, 'reports', 'vitest.json');

const COVERAGE = join(ROOT, 'coverage', 'coverage-summary.json');

const TESTS: Step = {
  name: 'tests',
  command: ['vitest', 'run', '--coverage', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`],
  remedy: 'If every test passed, the coverage is below its threshold.',
};

/** Totals of the tests; a run that failed without a failing test, as when coverage is too low, counts as one failure. */
function testTotals(result: StepResult): TestTotals {
  const totals = existsSync(REPORT) ? totalsOfVitest(readFileSync(REPORT, 'utf8')) : NOTHING;
  return !result.passed && totals.failed === 0 ? addTotals([totals, ONE_FAILED]) : totals;
}

/** Says once more which tests failed: in an output of thousands of lines nobody finds them. */
function printFailures(): void {
  if (!existsSync(REPORT)) return;
  for (const { file, test, message } of failuresOfVitest(readFileSync(REPORT, 'utf8'))) {
    console.log(`\nFAIL ${relative(ROOT, file)} > ${test}\n${message}`);
  }
}

/** Whether the coverage was measured at all: thresholds over no files are met by everything. */
function isCoverageMeasured(): boolean {
  if (!existsSync(COVERAGE)) return false;
  const summary = JSON.parse(readFileSync(COVERAGE, 'utf8')) as { readonly total: { readonly lines: { readonly total: number } } };
  return summary.total.lines.total > 0;
}

/**
 * Every example that starts by itself is one test: started as its package.json says, it runs on the built packages and has to end with exit code 0.
 * One that needs a network has no such script, and a test of its own.
 */
function exampleSteps(): Step[] {
  return readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(ROOT, 'examples', entry.name, 'package.json')))
    .flatMap(({ name }) => {
      const cwd = join(ROOT, 'examples', name);
      const { scripts } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')) as { readonly scripts?: { readonly start?: string } };
      if (scripts?.start === undefined) return [];
      const [program = '', ...programArguments] = scripts.start.split(' ');
      return [{ name: `example ${name}`, command: [program, ...programArguments], cwd }];
    });
}

rmSync(REPORT, { force: true });
rmSync(COVERAGE, { force: true });
const checks = await runSteps([BUILD, ...CHECKS]);
const tests = await runStep(TESTS);
const examples = await runSteps(exampleSteps());

printFailures();
printResults([...checks, tests, ...examples]);
const totals = addTotals([
  ...checks.filter(({ passed }) => !passed).map(() => ONE_FAILED),
  testTotals(tests),
  isCoverageMeasured() ? NOTHING : ONE_FAILED,
  ...examples.map(({ passed }) => (passed ? ONE_PASSED : ONE_FAILED)),
]);
console.log(closingLine(totals));
process.exitCode = isSuccess(totals) ? 0 : 1;
