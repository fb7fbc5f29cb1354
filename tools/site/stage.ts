import { dirname, join, relative } from 'node:path/posix';
import type { ListedPage } from '../docs/contents.ts';

/** What a page needs to know of the site to become a part of it. */
export interface Stage {
  /** The pages of the site. */
  readonly pages: ReadonlySet<string>;
  /** Where what is not on the site can be seen: the repository, without a `/` at its end. */
  readonly repository: string;
  /** Draws a Mermaid diagram; answers with the path of the picture, relative to the root. */
  draw(code: string): string;
}

/** The languages that are coloured; a fence in any other is shown as it stands. */
export const LANGUAGES = ['ts', 'js', 'json', 'sh', 'python', 'text'] as const;

/** Makes a page of the repository a page of the site: its head, its links, its fences and its diagrams. */
export function stagePage(
  { path, title, section }: ListedPage,
  text: string,
  stage: Stage,
): string {
  const head = ['---', `title: ${JSON.stringify(title)}`, `category: ${section}`, '---'];
  return [...head, '', stageText(path, text, stage)].join('\n');
}

/** What stands on a page, without a head. */
export function stageText(path: string, text: string, stage: Stage): string {
  return text
    .split(/^(`{3,}[^\n`]*\n[^]*?^`{3,}[ \t]*\n)/m)
    .map((piece, index) =>
      index % 2 === 1 ? stageFence(path, piece, stage) : stageProse(path, piece, stage),
    )
    .join('');
}

/** Fences keep the first of their words: the others are for the tests. Diagrams become pictures. */
function stageFence(path: string, fence: string, stage: Stage): string {
  const [, code] = /^`{3,}mermaid\n([^]*?)^`{3,}/m.exec(fence) ?? [];
  if (code === undefined)
    return fence.replace(
      /^(`{3,})(\w*)[^\n]*/,
      (_, ticks: string, word: string) => ticks + languageOf(word),
    );
  return `![diagram](${relative(dirname(path), stage.draw(code))})\n`;
}

function languageOf(word: string): string {
  return LANGUAGES.find((language) => language === word) ?? 'text';
}

/** What only tests and editors read goes; links lead to pages of the site, or to the repository. */
function stageProse(path: string, prose: string, stage: Stage): string {
  return prose
    .replaceAll(/^<!--[^]*?-->\n+/gm, '')
    .replaceAll(
      /(`[^`\n]*`)|\]\(([^)\s]+)\)/g,
      (whole, code: string | undefined, link: string) =>
        code ?? `](${stageLink(path, link, stage)})`,
    );
}

function stageLink(from: string, link: string, { pages, repository }: Stage): string {
  const [file = '', fragment] = link.split('#');
  if (file === '' || /^[a-z]+:/i.test(link) || isPicture(file)) return link;
  const target = join(dirname(from), file);
  const hash = fragment === undefined ? '' : `#${fragment}`;
  if (pages.has(target)) return link;
  if (pages.has(join(target, 'README.md'))) return `${join(file, 'README.md')}${hash}`;
  return `${repository}/blob/main/${target}${hash}`;
}

/** Whether a path is that of a picture, which the site carries itself. */
export function isPicture(path: string): boolean {
  return /\.(?:svg|png|jpe?g|gif|webp)$/.test(path);
}
