import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { run } from './run.ts';
import { ROOT } from './sources.ts';

type Planted = readonly [path: string, text: string];

/** Plants files in a folder of their own and lints them; answers with the rules that spoke for each path. */
async function lint(config: string, planted: readonly Planted[]): Promise<Map<string, string[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'lint-'));
  try {
    const files: readonly Planted[] = [
      ['.oxlintrc.json', readFileSync(join(ROOT, config), 'utf8')],
      ['tsconfig.json', '{ "compilerOptions": { "strict": true, "noEmit": true } }'],
      ...planted,
    ];
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { output } = await run('oxlint', ['--type-aware', '--format', 'unix'], folder);
    const spoken = new Map<string, string[]>();
    for (const [, path = '', rule = ''] of output.matchAll(/^(.+?):\d+:\d+: .*\((.+?)\)\]$/gm))
      spoken.set(path, [...(spoken.get(path) ?? []), rule]);
    return spoken;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A test for each planted file that a rule must catch, and for each that must pass. */
function suite(
  config: string,
  caught: Record<string, readonly Planted[]>,
  passed: readonly Planted[],
): void {
  let spoken = new Map<string, string[]>();
  beforeAll(async () => {
    spoken = await lint(config, [...Object.values(caught).flat(), ...passed]);
  });
  for (const [rule, planted] of Object.entries(caught))
    it.each(planted)(`${rule} catches %s`, (path) => {
      expect(spoken.get(path) ?? []).toContain(rule);
    });
  it.each(passed)('lets %s pass', (path) => {
    expect(spoken.get(path) ?? []).toEqual([]);
  });
}

const lines = (count: number): string => `export const a = [\n${'  1,\n'.repeat(count - 2)}];\n`;

describe('the style of all code', () => {
  suite(
    '.oxlintrc.json',
    {
      'max-lines': [['packages/a/src/long.ts', lines(251)]],
      'max-params': [
        [
          'packages/a/src/parameters.ts',
          'export function f(a: 1, b: 1, c: 1, d: 1, e: 1): 1 { return a; }',
        ],
      ],
      'no-console': [['packages/a/src/log.ts', `console.log('x');`]],
      'no-default-export': [['packages/a/src/default.ts', 'export default 1;']],
      'filename-case': [['packages/a/src/CamelCase.ts', 'export const a = 1;']],
      'no-cycle': [
        [
          'packages/a/src/one.ts',
          `import type { B } from './two.ts';\nexport interface A { b: B }`,
        ],
        [
          'packages/a/src/two.ts',
          `import type { A } from './one.ts';\nexport interface B { a: A }`,
        ],
      ],
      'no-explicit-any': [['packages/a/src/any.ts', 'export function f(a: any): void {}']],
      'no-floating-promises': [
        ['packages/a/src/floating.ts', 'async function f(): Promise<void> {}\nf();'],
      ],
      'no-focused-tests': [
        ['packages/a/src/only.test.ts', `import { it } from 'vitest';\nit.only('x', () => {});`],
      ],
      'no-disabled-tests': [
        ['packages/a/src/skip.test.ts', `import { it } from 'vitest';\nit.skip('x', () => {});`],
      ],
    },
    [
      ['packages/a/src/full.ts', lines(250)],
      ['packages/a/src/long.test.ts', lines(251)],
      ['packages/a/src/clock.ts', 'export const now = (): number => performance.now();'],
      ['tools/log.ts', `console.log('x');`],
    ],
  );
});

describe('the purity of core-protocol and machines', () => {
  suite(
    'tools/architecture/purity.oxlintrc.json',
    {
      'no-nodejs-modules': [
        ['node.ts', `export { createHash } from 'node:crypto';`],
        ['bare.ts', `import { readFileSync } from 'fs';\nreadFileSync('x');`],
        ['type.ts', `import type { Socket } from 'node:net';\nexport type S = Socket;`],
      ],
      'no-restricted-globals': [
        ['date.ts', 'export const now = Date.now();'],
        ['timing.ts', 'export const now = performance.now();'],
        ['timeout.ts', 'setTimeout(() => {}, 1);'],
        ['interval.ts', 'globalThis.setInterval(() => {}, 1);'],
        ['immediate.ts', 'export const later = setImmediate;'],
        ['process.ts', 'export const platform = process.platform;'],
        ['crypto.ts', 'crypto.getRandomValues(new Uint8Array(1));'],
      ],
      'no-restricted-properties': [['random.ts', 'export const chance = Math.random();']],
      'no-console': [['log.ts', `console.log('x');`]],
      'no-restricted-imports': [['transport.ts', `import { x } from '@cablecar/transport';\nx();`]],
    },
    [
      ['buffer.ts', 'export const bytes = Buffer.alloc(1);'],
      ['names.ts', 'export const f = (Date: number): { process: number } => ({ process: Date });'],
      ['types.ts', `import type { X } from '@cablecar/transport';\nexport type D = [Date, X];`],
      ['core.ts', `import { x } from '@cablecar/core-protocol';\nx();`],
    ],
  );
});
