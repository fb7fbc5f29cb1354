import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Figures, Note } from './channel.ts';
import type { Settings } from './workload.ts';
import type { WorkloadName } from './workloads/index.ts';

const RUNNER = fileURLToPath(new URL('runner.js', import.meta.url));
const LIMIT_MS = 120_000;

/** One run: a workload by a contender, with a payload. */
export interface Run {
  readonly workload: WorkloadName;
  readonly contender: string;
  readonly payload: string;
  readonly settings: Settings;
}

/** What both ends of a run measured. */
export interface Outcome {
  readonly receiver: Figures;
  readonly sender: Figures;
}

/** Runs both ends, each in a process of its own, and passes on what they say to each other. */
export async function perform(run: Run, nodeOptions: readonly string[] = []): Promise<Outcome> {
  const ends = (['receive', 'send'] as const).map((role) => start(role, run, nodeOptions));
  const [receiver, sender] = ends as [ChildProcess, ChildProcess];
  const timer = setTimeout(() => ends.forEach((end) => end.kill('SIGKILL')), LIMIT_MS);
  try {
    const [receiving, sending] = await Promise.all([
      follow(receiver, sender, run),
      follow(sender, receiver, run),
    ]);
    return { receiver: receiving, sender: sending };
  } finally {
    clearTimeout(timer);
    // SIGTERM lets a profile be written.
    await Promise.all(ends.map(stop));
  }
}

function start(role: 'receive' | 'send', run: Run, nodeOptions: readonly string[]): ChildProcess {
  // A program given by `--eval` would be run by each end again, and so on without end.
  const flags = process.execArgv.filter((arg) => arg.startsWith('--') && arg !== '--eval');
  const args = [...flags, ...nodeOptions, RUNNER, role, JSON.stringify(run)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

function follow(end: ChildProcess, other: ChildProcess, run: Run): Promise<Figures> {
  return new Promise((resolve, reject) => {
    end.on('message', ({ forOther, figures, refusal }: Note) => {
      if (refusal !== undefined) reject(new Error(refusal));
      else if (figures !== undefined) resolve(figures);
      else if (other.connected) other.send(forOther as object);
    });
    end.on('exit', (code) => {
      reject(new Error(`${run.contender}: an end of ${run.workload} ended early, with ${code}`));
    });
  });
}

async function stop(end: ChildProcess): Promise<void> {
  if (end.exitCode !== null || end.signalCode !== null) return;
  const exited = once(end, 'exit');
  if (!end.kill()) return;
  await exited;
}
