import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFiles, ROOT } from '../../tools/sources.ts';
import { missingScripts } from './commands.ts';
import { fencesOf, patternOf } from './fences.ts';
import { runProgram } from './run-program.ts';
import { isProgram, sampleModules } from './sample-modules.ts';
import { makeSampleFolder, typeErrors } from './type-errors.ts';

const PROGRAM_TIMEOUT_MS = 30_000;

const pages = listFiles()
  .filter((path) => /^(README|docs\/.+|packages\/[^/]+\/README)\.md$/.test(path))
  .map((path) => fencesOf(path, readFileSync(join(ROOT, path), 'utf8')));
const modules = pages.flatMap(sampleModules);

describe('the samples of the docs', () => {
  it('compile, fragments with what the fragments above them declare', async () => {
    expect(await typeErrors(modules)).toEqual([]);
  });

  for (const fence of pages.flat().filter(isProgram))
    it(
      `run and print what the page says: ${fence.page}:${fence.line}`,
      { timeout: 2 * PROGRAM_TIMEOUT_MS },
      async () => {
        const { words, text, output: expected } = fence;
        const folder = makeSampleFolder();
        try {
          const path = join(folder, 'program.ts');
          writeFileSync(path, text);
          const copies = words.includes('twice') ? 2 : 1;
          const { status, output } = await runProgram(path, copies, PROGRAM_TIMEOUT_MS);
          expect(status, output).toBe(0);
          if (expected !== undefined) expect(output).toMatch(patternOf(expected));
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      },
    );

  it('name only npm scripts that there are', () => {
    expect(pages.flat().flatMap(missingScripts)).toEqual([]);
  });
});
