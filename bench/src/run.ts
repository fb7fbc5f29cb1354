import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Figures, Note } from './channel.ts';
import type { Host } from './hosts.ts';
import type { Settings } from './workload.ts';
import type { WorkloadName } from './workloads/index.ts';

const RUNNER = fileURLToPath(new URL('runner.js', import.meta.url));
const LIMIT_MS = 120_000;
/** How long an end may take to end once it is told to. */
const STOP_MS = 5_000;

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

/** Where and how the ends of a run are started. */
export interface Surroundings {
  /** The host of the receiver, and that of the sender; else both are on this one. */
  readonly hosts?: readonly [Host, Host];
  /** Options for Node itself. */
  readonly nodeOptions?: readonly string[];
}

/** Runs both ends, each in a process of its own, and passes on what they say to each other. */
export async function perform(run: Run, surroundings: Surroundings = {}): Promise<Outcome> {
  const [receiver, sender] = [
    start('receive', run, surroundings),
    start('send', run, surroundings),
  ];
  const ends = [receiver, sender];
  const timer = setTimeout(() => ends.forEach((end) => end.kill('SIGKILL')), LIMIT_MS);
  const end = (): void => ends.forEach((one) => one.kill());
  process.once('exit', end);
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
    process.off('exit', end);
  }
}

function start(
  role: 'receive' | 'send',
  run: Run,
  { hosts, nodeOptions = [] }: Surroundings,
): ChildProcess {
  // Not what this process was started with: a program given by `--eval` would start itself again and again.
  const node = [process.execPath, '--expose-gc', ...nodeOptions];
  const inside = hosts?.[role === 'receive' ? 0 : 1].inside ?? [];
  const [program, ...args] = [...inside, ...node, RUNNER, role, JSON.stringify(run)];
  return spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

function follow(end: ChildProcess, other: ChildProcess, run: Run): Promise<Figures> {
  return new Promise((resolve, reject) => {
    end.on('message', ({ forOther, figures, failure }: Note) => {
      if (figures !== undefined) resolve(figures);
      else if (failure !== undefined) reject(new Error(failure));
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
  const timer = setTimeout(() => end.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(timer);
}
