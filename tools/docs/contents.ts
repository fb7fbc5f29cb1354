import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { join as joinPosix } from 'node:path/posix';
import { listFiles, ROOT, type Problem } from '../sources.ts';

/** The page that lists all others. */
export const CONTENTS = 'docs/README.md';

/** A page as the contents list it. */
export interface ListedPage {
  /** Relative to the root. */
  readonly path: string;
  readonly title: string;
  /** The heading under which it stands. */
  readonly section: string;
}

/** Every page that the contents list, in their order. */
export function readContents(): ListedPage[] {
  return listedPages(readFileSync(join(ROOT, CONTENTS), 'utf8'));
}

/** Every page that is listed: an item of a list, under a heading, that begins with a link. */
export function listedPages(contents: string): ListedPage[] {
  const pages: ListedPage[] = [];
  let section = '';
  for (const line of contents.split('\n')) {
    section = /^## (.+)$/.exec(line)?.[1] ?? section;
    const [, title, link] = /^- \[(.+?)\]\(([^)#]+)\)/.exec(line) ?? [];
    if (title === undefined || link === undefined) continue;
    pages.push({ path: joinPosix('docs', link), title: title.replaceAll('`', ''), section });
  }
  return pages;
}

/** Every page of docs/ that the contents do not list, and those that they list twice. */
export function contentsProblems(
  pages: readonly ListedPage[] = readContents(),
  files: readonly string[] = listFiles(),
): Problem[] {
  const listed = pages.map(({ path }) => path);
  const problem = (sentence: string): Problem => ({ path: CONTENTS, line: 1, sentence });
  return [
    ...files
      .filter((path) => /^docs\/[^/]+\.md$/.test(path) && path !== CONTENTS)
      .filter((path) => !listed.includes(path))
      .map((path) => problem(`does not list ${path}`)),
    ...listed
      .filter((path, index) => listed.indexOf(path) !== index)
      .map((path) => problem(`lists ${path} twice`)),
  ];
}
