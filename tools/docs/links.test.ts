import { describe, expect, it } from 'vitest';
import { anchors, linkProblems } from './links.ts';

/** What is wrong with the links of these files. */
function sentences(files: Record<string, string>): string[] {
  return linkProblems(Object.keys(files), (path) => files[path]).map(
    ({ path, line, sentence }) => `${path}:${line} ${sentence}`,
  );
}

describe('links in Markdown', () => {
  it('may lead to files, folders beside the page, headings and other sites', () => {
    expect(
      sentences({
        'README.md':
          '[a](docs/a.md#the-way) [b](LICENSE) [c](https://example.org/x) [d](#top)\n# Top',
        'docs/a.md': '# The `way`\n[back](../README.md)',
        LICENSE: '',
      }),
    ).toEqual([]);
  });

  it('must not lead to a file or a heading that is not there', () => {
    expect(
      sentences({
        'README.md': '# Top\n\n[a](gone.md)\n[b](#bottom)',
        'docs/a.md': '[c](../README.md#x)',
      }),
    ).toEqual([
      "README.md:3 'gone.md' leads to no file",
      "README.md:4 '#bottom' leads to no heading of README.md",
      "docs/a.md:1 '../README.md#x' leads to no heading of README.md",
    ]);
  });

  it('are not looked for in code', () => {
    expect(sentences({ 'a.md': '`[a](gone)`\n\n```ts\nx[0](gone)\n```\n' })).toEqual([]);
  });
});

describe('anchors', () => {
  it("are GitHub's", () => {
    const text =
      '# What a user writes\n## 2. The facade: `join()`\n## Notes\n## Notes\n### ERR_FRAME';
    expect([...anchors(text)]).toEqual([
      'what-a-user-writes',
      '2-the-facade-join',
      'notes',
      'notes-1',
      'err_frame',
    ]);
  });
});
