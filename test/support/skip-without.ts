import { spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/**
 * Skips a test where a program that it needs is not installed. In CI it is there, or the test fails: nobody reads there
 * what was skipped.
 */
export function skipWithout(program: string, skip: TestContext['skip']): void {
  if (process.env['CI']) return;
  const found = spawnSync('sh', ['-c', 'command -v "$0"', program]);
  if (found.status !== 0) skip(`${program} is not installed`);
}
