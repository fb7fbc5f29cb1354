import { describe, expect, it } from 'vitest';
import { stagePage, type Stage } from './stage.ts';

const stage: Stage = {
  pages: new Set(['docs/a.md', 'docs/b.md', 'packages/x/README.md']),
  repository: 'https://example.org/repository',
  draw: (code) => `diagrams/${code.length}.svg`,
};
const page = { path: 'docs/a.md', title: 'A "page"', section: 'Begin' };
const staged = (text: string): string => stagePage(page, text, stage).split('---\n')[2]!.trim();

describe('a page of the site', () => {
  it('has its title and its section in its head', () => {
    expect(stagePage(page, '# A\n', stage)).toBe(
      '---\ntitle: "A \\"page\\""\ncategory: Begin\n---\n\n# A\n',
    );
  });

  it('links to other pages of the site, and else to the repository', () => {
    expect(staged('[b](b.md#part), [x](../packages/x), [here](#there), [out](https://a.b)')).toBe(
      '[b](b.md#part), [x](../packages/x/README.md), [here](#there), [out](https://a.b)',
    );
    expect(staged('[`code`](../src/code.ts)')).toBe(
      '[`code`](https://example.org/repository/blob/main/src/code.ts)',
    );
  });

  it('keeps pictures, and what is code', () => {
    const pictures = '![plot](plots/a.svg) ![photo](images/b.png) `[b](c.ts)`';
    expect(staged(pictures)).toBe(pictures);
    expect(staged('```ts run twice\nx[0](c.ts);\n```\n')).toBe('```ts\nx[0](c.ts);\n```');
    expect(staged('```hex\n00\n```\n')).toBe('```text\n00\n```');
  });

  it('shows diagrams drawn, and nothing that is meant for tests', () => {
    expect(staged('```mermaid\nab\n```\n')).toBe('![diagram](../diagrams/3.svg)');
    expect(staged('<!-- prelude: declare const x: 1; -->\n\n```ts\nx;\n```\n')).toBe(
      '```ts\nx;\n```',
    );
  });
});
