import { describe, expect, it } from 'vitest';
import { summarize, type TestReport } from './summarize.ts';

/** A report of files with tests of these outcomes. */
function report(success: boolean, ...files: [status: string, outcomes: string[]][]): TestReport {
  const testResults = files.map(([status, outcomes]) => ({
    status,
    assertionResults: outcomes.map((outcome) => ({ status: outcome })),
  }));
  return { success, testResults };
}

describe('the last line of CI', () => {
  it('counts what passed and failed, and passes if nothing failed', () => {
    expect(summarize([report(true, ['passed', ['passed', 'passed']])])).toEqual({
      line: '2 passed, 0 failed',
      passed: true,
    });
    expect(summarize([report(false, ['failed', ['passed', 'failed']])])).toEqual({
      line: '1 passed, 1 failed',
      passed: false,
    });
  });

  it('tells what was skipped or left to do', () => {
    expect(
      summarize([report(true, ['passed', ['passed', 'skipped', 'todo', 'pending']])]).line,
    ).toBe('1 passed, 0 failed, 3 skipped');
  });

  it('counts a file that broke before its tests', () => {
    expect(summarize([report(false, ['passed', ['passed']], ['failed', []])])).toEqual({
      line: '1 passed, 1 failed',
      passed: false,
    });
  });

  it('fails where nothing ran, or the runner says that it failed', () => {
    expect(summarize([report(true)]).passed).toBe(false);
    expect(summarize([report(true, ['passed', ['skipped']])]).passed).toBe(false);
    expect(summarize([report(false, ['passed', ['passed']])]).passed).toBe(false);
  });

  it('adds up what tests and other programs report', () => {
    const tests = report(true, ['passed', ['passed', 'skipped']]);
    expect(summarize([tests, { passed: 10, failed: 0 }, { passed: 5, failed: 0 }])).toEqual({
      line: '16 passed, 0 failed, 1 skipped',
      passed: true,
    });
    expect(summarize([tests, { passed: 10, failed: 2 }])).toEqual({
      line: '11 passed, 2 failed, 1 skipped',
      passed: false,
    });
  });

  it('takes a report in which nothing ran for a failure', () => {
    const tests = report(true, ['passed', ['passed']]);
    expect(summarize([tests, { passed: 0, failed: 0 }])).toEqual({
      line: '1 passed, 1 failed',
      passed: false,
    });
    expect(summarize([]).passed).toBe(false);
  });
});
