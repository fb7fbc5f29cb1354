import { spawn, spawnSync } from 'node:child_process';

/** Starts copies of a program beside each other and waits for all; its status is that of one that failed, else 0. */
const COPIES = `
  if [ -n "$ISOLATED" ]; then ip link set lo up; fi
  pids=; status=0
  for copy in $(seq "$COPIES"); do "$@" & pids="$pids $!"; done
  for pid in $pids; do wait "$pid" || status=$?; done
  exit $status`;

/** A network namespace with nothing but a loopback keeps samples from the machine's own network, and it from them. */
const NAMESPACE = ['unshare', '--user', '--map-root-user', '--net', '--'];
const isolated = spawnSync(NAMESPACE[0]!, [...NAMESPACE.slice(1), 'ip', 'link']).status === 0;

/** How a program ended and what it printed, on both streams. */
export interface Run {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a TypeScript program from the sources, alone or as several copies that may meet, within a time. */
export function runProgram(path: string, copies: number, timeoutMs: number): Promise<Run> {
  const node = [process.execPath, '--conditions=@cablecar/source', '--import', 'tsx', path];
  const [command, ...args] = [...(isolated ? NAMESPACE : []), 'sh', '-c', COPIES, 'sh', ...node];
  const child = spawn(command!, args, {
    env: { ...process.env, COPIES: String(copies), ISOLATED: isolated ? 'yes' : '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a process group, so that the copies end with it
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
