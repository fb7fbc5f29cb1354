import { describe, expect, it } from 'vitest';
import { fencesOf } from './fences.ts';
import { sampleModules } from './sample-modules.ts';
import { typeErrors } from './type-errors.ts';

const fence = (words: string, text: string): string => `\`\`\`${words}\n${text}\n\`\`\`\n`;

/** The compiler's words on a page of these fences. */
function errors(...markdown: string[]): Promise<string[]> {
  return typeErrors(sampleModules(fencesOf('page.md', markdown.join('\n'))));
}

describe('samples', () => {
  it('compile together: a fragment sees what those above it declare, and may declare it anew', async () => {
    expect(
      await errors(
        '<!-- prelude:\ndeclare const signal: AbortSignal;\ninterface Cell { x: number }\n-->',
        fence(
          'ts',
          `import { join } from 'node:path';\nconst { a, b: [c] } = { a: 1, b: [2] as const };`,
        ),
        fence('ts', `const cell: Cell = { x: a + c };\nsignal.throwIfAborted();\njoin('a');`),
        fence('ts', `const a = 'text';\na.length;`),
        fence('ts', `a.at(0);`),
        fence('ts', `await using closing = { async [Symbol.asyncDispose]() {} };`),
        fence('ts', `closing satisfies AsyncDisposable;`),
      ),
    ).toEqual([]);
  });

  it('that do not compile are told with their line of the page', async () => {
    expect(await errors('# A\n', fence('ts', 'const a = 1;'), fence('ts', '\na.gone();'))).toEqual([
      expect.stringMatching(/^page\.md:9 error TS2339/),
    ]);
  });

  it('have the prelude above them as their own beginning, which may use what they declare', async () => {
    const prelude = '<!-- prelude: declare function apply(ship: Ship): void; -->';
    const fragment = fence('ts', 'class Ship { x = 1; }\napply(new Ship());\nnone();');
    expect(await errors(prelude, fragment)).toEqual([
      expect.stringContaining("page.md:5 error TS2304: Cannot find name 'none'"),
    ]);
    expect(await errors('<!-- prelude:\n\nlost();\n-->', fence('ts', 'const a = 1;'))).toEqual([
      expect.stringContaining("page.md:3 error TS2304: Cannot find name 'lost'"),
    ]);
  });

  it('of a whole program do not see the fragments', async () => {
    expect(await errors(fence('ts', 'const a = 1;'), fence('ts run', 'a;'))).toEqual([
      expect.stringContaining("Cannot find name 'a'"),
    ]);
  });
});
