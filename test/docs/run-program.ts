import { spawn } from 'node:child_process';
import { isolated } from '../support/isolated.ts';

/** Starts a program once for each name, beside each other, and waits for all; the status is that of one that failed, else 0. */
const SCRIPT = `
  pids=; status=0
  for name in $NAMES; do "$@" "$name" & pids="$pids $!"; done
  for pid in $pids; do wait "$pid" || status=$?; done
  exit $status`;

/** How a program ended and what it printed, on both streams. */
export interface Run {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program by a command within a time: once for each name, which is its argument. They may meet. */
export function runProgram(
  command: readonly string[],
  names: readonly string[],
  timeoutMs: number,
): Promise<Run> {
  const [shell, ...args] = isolated(['sh', '-c', SCRIPT, 'sh', ...command]);
  const child = spawn(shell!, args, {
    env: { ...process.env, NAMES: names.join(' ') },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a process group, so that all of them end with it
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      output += `\n(still running after ${timeoutMs} ms)`;
      process.kill(-child.pid!, 'SIGKILL');
    }, timeoutMs);
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, output });
    });
  });
}
