import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { missingScripts } from './commands.ts';
import { readFences } from './pages.ts';
import { FROM_SOURCES } from '../support/from-sources.ts';
import { runSample, SAMPLE_TIMEOUT_MS } from './run-sample.ts';
import { isProgram, sampleModules } from './sample-modules.ts';
import { makeSampleFolder, typeErrors } from './type-errors.ts';

const pages = readFences();
const modules = pages.flatMap(sampleModules);

describe('the samples of the docs', () => {
  it('compile, fragments with what the fragments above them declare', async () => {
    expect(await typeErrors(modules)).toEqual([]);
  });

  for (const fence of pages.flat().filter(isProgram))
    it(
      `run and print what the page says: ${fence.page}:${fence.line}`,
      { timeout: 2 * SAMPLE_TIMEOUT_MS },
      async () => {
        const folder = makeSampleFolder();
        try {
          const path = join(folder, 'program.ts');
          writeFileSync(path, fence.text);
          expect(await runSample(fence, [...FROM_SOURCES, path])).toBeUndefined();
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      },
    );

  it('name only npm scripts that there are', () => {
    expect(pages.flat().flatMap(missingScripts)).toEqual([]);
  });
});
