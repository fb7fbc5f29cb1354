import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { ENDING_SIGNALS } from './signals.ts';

/** Where something was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Processes that wanted a core in the minute before; more than there are cores means that figures are low. */
  readonly load: number;
  /** Whether the loopback was the benchmark's own, so that packets could be counted. */
  readonly isAlone: boolean;
}

/** Set where the benchmark runs in a network namespace of its own. */
const ALONE = 'BENCH_IN_NAMESPACE';

/** Describes this machine. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    load: Math.round((loadavg()[0] as number) * 10) / 10,
    isAlone: process.env[ALONE] !== undefined,
  };
}

/** Starts this program again in a network namespace of its own, where that may be; answers whether it did. */
export async function movedIntoNamespace(): Promise<boolean> {
  if (process.env[ALONE] !== undefined || process.platform !== 'linux') return false;
  const enter = ['--net', '--', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
  const own = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const probe = spawnSync('unshare', [...enter, 'true'], { stdio: 'ignore' });
  if (probe.status !== 0) return false;
  const env = { ...process.env, [ALONE]: '1' };
  const moved = spawn('unshare', [...enter, ...own], { stdio: 'inherit', env });
  for (const signal of ENDING_SIGNALS) process.on(signal, () => moved.kill(signal));
  const [status] = (await once(moved, 'exit')) as [number | null];
  process.exitCode = status ?? 1;
  return true;
}
