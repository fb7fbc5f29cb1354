/** What is read of the JSON report of vitest. */
export interface TestReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** What a program that makes checks of its own reports: how many there were. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/**
 * `N passed, N failed` over all reports, with the skipped ones if there are any. A file that failed before it came to
 * its tests counts as one failure, and so does a report in which nothing passed. A run passes only if the test runner
 * says so and nothing failed.
 */
export function summarize(reports: readonly (TestReport | Tally)[]): {
  line: string;
  passed: boolean;
} {
  const counts = reports.map(count);
  const passed = sum(counts.map((each) => each.passed));
  const failed = sum(counts.map((each) => each.failed + (each.passed + each.failed > 0 ? 0 : 1)));
  const skipped = sum(counts.map((each) => each.skipped));
  return {
    line: `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    passed: counts.every(({ success }) => success) && failed === 0 && passed > 0,
  };
}

function count(report: TestReport | Tally): Tally & { skipped: number; success: boolean } {
  if (!('testResults' in report)) return { ...report, skipped: 0, success: true };
  const all = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const having = (status: string): number => all.filter((each) => each.status === status).length;
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((each) => each.status === 'failed'),
  ).length;
  const passed = having('passed');
  const failed = having('failed');
  return {
    passed,
    failed: failed + brokenFiles,
    skipped: all.length - passed - failed,
    success: report.success,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
