/** What is read of the JSON report of vitest. */
export interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * `N passed, N failed`, with the skipped ones if there are any. A file that failed before it came to its tests counts
 * as one failure. A run passes only if the runner says so, nothing failed and something passed.
 */
export function summarize({ success, testResults }: Report): { line: string; passed: boolean } {
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (status: string): number => all.filter((each) => each.status === status).length;
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((each) => each.status === 'failed'),
  ).length;
  const passed = count('passed');
  const failed = count('failed') + brokenFiles;
  const skipped = all.length - passed - count('failed');
  return {
    line: `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    passed: success && failed === 0 && passed > 0,
  };
}
