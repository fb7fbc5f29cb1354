import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FROM_SOURCES } from '../support/from-sources.ts';
import { runProgram } from './run-program.ts';
import { makeSampleFolder } from './type-errors.ts';

describe('a program of the docs', () => {
  it('runs alone or beside another, and is ended when its time is up', async () => {
    const folder = makeSampleFolder();
    try {
      const run = async (text: string, names: string[], timeoutMs: number) => {
        writeFileSync(join(folder, 'program.ts'), text);
        return runProgram([...FROM_SOURCES, join(folder, 'program.ts')], names, timeoutMs);
      };
      expect(await run(`console.log('hi' as string);`, ['a', 'b'], 20_000)).toEqual({
        status: 0,
        output: 'hi\nhi\n',
      });
      expect(await run('process.exitCode = 3;', ['a'], 20_000)).toEqual({ status: 3, output: '' });
      expect(await run('setInterval(() => {}, 1000);', ['a'], 2_000)).toEqual({
        status: null,
        output: '\n(still running after 2000 ms)',
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
