import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { listFiles, ROOT, type Problem } from '../sources.ts';

/** Every relative link of the repository's Markdown that leads nowhere, to no file or to no heading. */
export function linkProblems(
  paths: readonly string[] = listFiles(),
  read: (path: string) => string | undefined = readFile,
): Problem[] {
  return paths
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) => {
      const text = withoutCode(read(path) ?? '');
      return [...text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].flatMap((match) => {
        const sentence = wrongLink(path, match[1]!, read);
        const line = text.slice(0, match.index).split('\n').length;
        return sentence === undefined ? [] : [{ path, line, sentence }];
      });
    });
}

function wrongLink(
  from: string,
  link: string,
  read: (path: string) => string | undefined,
): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return undefined; // another site
  const [file = '', fragment] = link.split('#');
  const target = file === '' ? from : join(dirname(from), decodeURI(file));
  const text = read(target);
  if (text === undefined) return `'${link}' leads to no file`;
  if (fragment === undefined || !target.endsWith('.md')) return undefined;
  return anchors(text).has(fragment) ? undefined : `'${link}' leads to no heading of ${target}`;
}

/** The anchors of a page's headings, made as GitHub makes them. */
export function anchors(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, heading = ''] of withoutCode(text).matchAll(/^#{1,6}\s+(.+?)\s*$/gm)) {
    const anchor = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    let unique = anchor;
    for (let n = 1; found.has(unique); n++) unique = `${anchor}-${n}`;
    found.add(unique);
  }
  for (const [, id = ''] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) found.add(id);
  return found;
}

/** The text with fences and code spans blanked out, line for line, except that headings keep their code's words. */
function withoutCode(text: string): string {
  return text
    .replaceAll(/^ *(`{3,}|~{3,}).*\n(?:.*\n)*? *\1 *$/gm, (fence) => fence.replaceAll(/.+/g, ''))
    .replaceAll(/^(?!#)(.*)$/gm, (line) =>
      line.replaceAll(/`[^`]*`/g, (code) => ' '.repeat(code.length)),
    );
}

function readFile(path: string): string | undefined {
  const full = join(ROOT, path);
  if (!existsSync(full)) return undefined;
  return path.endsWith('.md') ? readFileSync(full, 'utf8') : '';
}
