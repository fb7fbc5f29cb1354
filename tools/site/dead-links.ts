import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Every link, picture, script and style of a folder of HTML that leads nowhere, or that is fetched from another site. */
export function deadLinks(folder: string): string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html'))
    .map((name) => join(folder, name))
    .map((path) => ({ path, html: readFileSync(path, 'utf8') }));
  const ids = new Map(pages.map(({ path, html }) => [path, idsOf(html)]));
  return pages.flatMap(({ path, html }) => {
    const wrong = linksOf(html)
      .map((link) => troubleWith(link, path, ids))
      .filter((trouble) => trouble !== undefined);
    return wrong.map((trouble) => `${relative(folder, path)}: ${trouble}`);
  });
}

/** A link of a page, and whether the browser fetches it by itself. */
interface PageLink {
  readonly url: string;
  readonly fetched: boolean;
}

function linksOf(html: string): PageLink[] {
  return [...html.matchAll(/<(\w+)\b[^>]*?\s(?:href|src)="([^"]*)"/g)].map(([, tag, url = '']) => ({
    url: url.replaceAll('&amp;', '&'),
    fetched: tag !== 'a' && tag !== 'use',
  }));
}

function troubleWith(
  { url, fetched }: PageLink,
  page: string,
  ids: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(url))
    return fetched && !url.startsWith('data:') ? `fetches ${url}` : undefined;
  const [path = '', fragment = ''] = url.split('#');
  const target = path === '' ? page : join(dirname(page), decodeURIComponent(path));
  const file =
    existsSync(target) && statSync(target).isDirectory() ? join(target, 'index.html') : target;
  if (!existsSync(file)) return `'${url}' leads to no file`;
  const known = ids.get(file);
  if (fragment === '' || known === undefined || known.has(decodeURIComponent(fragment)))
    return undefined;
  return `'${url}' leads to no place of ${path === '' ? 'its page' : path}`;
}

function idsOf(html: string): ReadonlySet<string> {
  return new Set(
    [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => id.replaceAll('&amp;', '&')),
  );
}
