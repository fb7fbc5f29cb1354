import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { ROOT } from './sources.ts';

/** The environment with the repository's own programs on the path. */
const ENVIRONMENT: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
  NO_COLOR: '1',
  FORCE_COLOR: undefined,
};

/** How a program ended, and everything that it printed. */
export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program to its end, at the root unless told otherwise; rejects only if it cannot be started. */
export function run(program: string, args: readonly string[], cwd = ROOT): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output: output.trim() }));
  });
}
