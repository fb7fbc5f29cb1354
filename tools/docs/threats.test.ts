import { describe, expect, it } from 'vitest';
import { parseSource } from '../sources.ts';
import { threatProblems } from './threats.ts';

const ROWS = Array.from({ length: 25 }, (_, n) => `| T${n + 1} | threat | “shows ${n + 1}” |`);
const TESTS = Array.from({ length: 25 }, (_, n) => `it('shows ${n + 1} (T${n + 1})');`);

/** What is wrong between these rows and these tests. */
function sentences(rows: readonly string[], tests: readonly string[]): string[] {
  const sources = [parseSource('test/a.test.ts', tests.join('\n'))];
  return threatProblems(rows.join('\n'), sources).map(
    ({ path, line, sentence }) => `${path}:${line} ${sentence}`,
  );
}

describe('the table of threats', () => {
  it('names the tests of every threat', () => {
    const citing = TESTS.with(6, `it('shows 7 (§5.1(2), §3) (T7)');`);
    expect(sentences(ROWS, TESTS)).toEqual([]);
    expect(sentences(ROWS, citing)).toEqual([]);
  });

  it('may not lack a row', () => {
    expect(sentences(ROWS.slice(0, 24), TESTS)).toEqual([
      'docs/security.md:1 there is no row of T25',
      'test/a.test.ts:25 T25 is not in docs/security.md',
    ]);
  });

  it('may not name a test that there is not', () => {
    expect(sentences(ROWS, TESTS.with(2, ''))).toEqual([
      'docs/security.md:3 no test has T3 in its title',
      "docs/security.md:3 T3 has no test 'shows 3'",
    ]);
  });

  it('may not leave out a test', () => {
    expect(sentences(ROWS, [...TESTS, `it('more (T1, T2)')`])).toEqual([
      'test/a.test.ts:26 docs/security.md does not name this test of T1',
      'test/a.test.ts:26 docs/security.md does not name this test of T2',
    ]);
  });
});
