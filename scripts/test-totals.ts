/** How many tests ran, and how they ended. A step that fails outside any test counts as one failed test. */
export type TestTotals = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** The part of vitest's JSON report that is read here. */
type VitestReport = {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
};

/** One failed test. `test`: its full name, or empty where the file itself failed. `message`: what was wrong, its first lines. */
export type TestFailure = { readonly file: string; readonly test: string; readonly message: string };

const MESSAGE_LINES_MAX = 12;

/**
 * Reads the totals from vitest's JSON report.
 *
 * A test file that could not be loaded has no tests in the report: it counts as one failed test.
 */
export function totalsOfVitest(json: string): TestTotals {
  const report = JSON.parse(json) as VitestReport;
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** The failures in vitest's JSON report, in its order: so that the end of a long output names them once more. */
export function failuresOfVitest(json: string): TestFailure[] {
  const firstLines = (text: string | undefined): string => (text ?? '').split('\n').slice(0, MESSAGE_LINES_MAX).join('\n');
  return (JSON.parse(json) as VitestReport).testResults.flatMap(({ name: file, status, message, assertionResults }) => {
    const failed = assertionResults.filter((assertion) => assertion.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [{ file, test: '', message: firstLines(message) }] : [];
    return failed.map(({ fullName, failureMessages }) => ({ file, test: fullName, message: firstLines(failureMessages?.[0]) }));
  });
}

/** Adds totals up. */
export function addTotals(all: readonly TestTotals[]): TestTotals {
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
  };
}

/** The line that closes a run: `412 passed, 0 failed`, with `, 3 skipped` behind it where some were. */
export function closingLine({ passed, failed, skipped }: TestTotals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Whether a run counts as a success: something ran, and nothing failed. */
export function isSuccess({ passed, failed }: TestTotals): boolean {
  return passed > 0 && failed === 0;
}
