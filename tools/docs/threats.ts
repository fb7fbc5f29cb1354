import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemAt, ROOT, type Problem, type Source } from '../sources.ts';

const PAGE = 'docs/security.md';
/** How many threats there are; none may be forgotten. */
const THREATS = 25;

/** Problems between the table of threats and the tests that show what happens. */
export function readThreatProblems(sources: readonly Source[]): Problem[] {
  const path = join(ROOT, PAGE);
  return existsSync(path) ? threatProblems(readFileSync(path, 'utf8'), sources) : [];
}

/**
 * The table has a row for each threat, and its last cell names the tests whose title ends in `(T7)`: all of them, word
 * for word, and no others.
 */
export function threatProblems(page: string, sources: readonly Source[]): Problem[] {
  const tests = titlesOf(sources);
  const rows = rowsOf(page);
  const problems: Problem[] = [];
  for (let number = 1; number <= THREATS; number++) {
    const threat = `T${number}`;
    const row = rows.get(threat);
    if (row === undefined) {
      problems.push({ path: PAGE, line: 1, sentence: `there is no row of ${threat}` });
      continue;
    }
    const { line, titles } = row;
    const shown = tests.filter((test) => test.threat === threat);
    if (shown.length === 0)
      problems.push({ path: PAGE, line, sentence: `no test has ${threat} in its title` });
    for (const title of titles)
      if (!shown.some((test) => test.title === title))
        problems.push({ path: PAGE, line, sentence: `${threat} has no test '${title}'` });
    for (const { title, source, index } of shown)
      if (!titles.includes(title))
        problems.push(problemAt(source, index, `${PAGE} does not name this test of ${threat}`));
  }
  for (const { threat, source, index } of tests)
    if (!rows.has(threat)) problems.push(problemAt(source, index, `${threat} is not in ${PAGE}`));
  return problems;
}

interface TestOfThreat {
  readonly threat: string;
  readonly title: string;
  readonly source: Source;
  readonly index: number;
}

/** Titles that end in `(T7)`, without that, and without the rules of the protocol that they cite. */
function titlesOf(sources: readonly Source[]): TestOfThreat[] {
  const found: TestOfThreat[] = [];
  for (const source of sources) {
    if (!source.isTest || source.path.startsWith('tools/')) continue;
    for (const match of source.text.matchAll(/(["'`])([^\n]+?) \((T\d+(?:, T\d+)*)\)\1/g)) {
      const { 2: words = '', 3: threats = '', index } = match;
      const title = words.replace(/ \(§[^ ]*(?:, §[^ ]*)*\)$/, '').replaceAll("\\'", "'");
      for (const threat of threats.split(', ')) found.push({ threat, title, source, index });
    }
  }
  return found;
}

/** The rows of the table, by their threats. */
function rowsOf(page: string): Map<string, { readonly line: number; readonly titles: string[] }> {
  const rows = new Map<string, { line: number; titles: string[] }>();
  for (const [index, text] of page.split('\n').entries()) {
    const threat = /^\| (T\d+) /.exec(text)?.[1];
    if (threat === undefined) continue;
    const last = text.split(' | ').at(-1) ?? '';
    const titles = [...last.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title);
    rows.set(threat, { line: index + 1, titles });
  }
  return rows;
}
