import { expect, test } from 'vitest';
import { withFigures, type ScenarioReport } from './figures-section.ts';
import type { Figures } from './stage.ts';

const PAGE = `before
<!-- scenarios: written by \`npm run test:network:write\` -->

old

<!-- scenarios: end -->
after
`;
const NOTHING = { doubled: 0, reordered: 0, damaged: 0, strange: 0, undelivered: 0, lost: 0 };
const FIGURES: Figures = { ...NOTHING, said: 1_000, heard: 1_000, suspectMs: [2_900, 3_000] };

function report(titles: readonly string[], status = 'passed'): ScenarioReport {
  const assertionResults = titles.map((title) => ({ title, status, meta: { figures: FIGURES } }));
  return { testResults: [{ assertionResults }] };
}

const ALL = Array.from({ length: 24 }, (_, index) => `${24 - index}: title`);

test('figures replace what was between the marks, in the order of the numbers', () => {
  const page = withFigures(PAGE, [report(['no number', ...ALL])]);
  expect(page).toMatch(/^before\n/);
  expect(page).toMatch(/\nafter\n$/);
  expect(page).not.toContain('old');
  expect(page).toContain('25,000 messages said');
  expect(page).toContain('suspected within 3.00 s');
  expect(page).toMatch(/\| 1: title [^]*\| 24: title [^]*\| no number /);
  expect(withFigures(page, [report(['no number', ...ALL])])).toBe(page);
});

test('the latest run of a scenario counts', () => {
  const page = withFigures(PAGE, [report(ALL, 'failed'), report(ALL)]);
  expect(page).toContain('24,000 messages said');
});

test('a run that failed or lacks a scenario gives no figures', () => {
  expect(() => withFigures(PAGE, [report(ALL), report(ALL.slice(1), 'failed')])).toThrow('failed');
  expect(() => withFigures(PAGE, [report(ALL.slice(1))])).toThrow('expected 1 to 24');
  expect(() => withFigures('no marks', [report(ALL)])).toThrow('scenarios');
});
