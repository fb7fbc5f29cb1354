import { describe, expect, it } from 'vitest';
import { fencesOf, patternOf } from './fences.ts';

const fence = (words: string, text: string): string => `\`\`\`${words}\n${text}\n\`\`\`\n`;

describe('fences', () => {
  it('are found with their words, their line and the output that follows directly', () => {
    const page = `# A\n\n${fence('ts run', 'a();')}\n${fence('text output', 'A')}\nwords\n${fence('sh', 'ls')}`;
    expect(fencesOf('page.md', page)).toEqual([
      { page: 'page.md', line: 4, words: ['ts', 'run'], text: 'a();\n', output: 'A\n' },
      { page: 'page.md', line: 8, words: ['text', 'output'], text: 'A\n', output: undefined },
      { page: 'page.md', line: 13, words: ['sh'], text: 'ls\n', output: undefined },
    ]);
  });

  it.each([
    ['<!-- prelude:\nconst a = 1;\n-->\n', 2],
    ['\n<!-- prelude: const a = 1; -->\n', 2],
  ])('may be hidden as a prelude, on its own lines or on one', (markdown, line) => {
    const [hidden] = fencesOf('page.md', markdown);
    expect(hidden).toMatchObject({ line, words: ['ts', 'prelude'], text: 'const a = 1;\n' });
  });

  it('say what is printed, with … for anything', () => {
    expect('took 12 ms\nend\n').toMatch(patternOf('took … ms\nend\n'));
    expect('a\nb\nc').toMatch(patternOf('a\n…\nc'));
    expect('took 12 ms\nend').not.toMatch(patternOf('took … s\nend'));
    expect('a+').not.toMatch(patternOf('a.'));
    expect('a\nb').not.toMatch(patternOf('a'));
  });
});
