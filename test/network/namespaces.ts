import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const PREFIX = 'cablecar-';
const NAMES_FOLDER = '/run/netns';

let built = 0;

/** A name for one LAN that no other process uses, and from which a later one sees whether its maker still lives. */
export function uniqueLanName(): string {
  built += 1;
  return `${PREFIX}${process.pid}-${built}-`;
}

/** Why no LAN can be built here, or undefined if one can. */
export function whyNoLan(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const trial = `${uniqueLanName()}trial`;
  try {
    run('ip', ['netns', 'add', trial]);
    runInside(trial, ['nft', 'list', 'ruleset']);
    return undefined;
  } catch (error) {
    return `iproute2 and nftables must work: ${String(error)}`;
  } finally {
    removeNamespaces(trial);
  }
}

/** The words before a command that run it in a namespace. */
export function insideNamespace(namespace: string): readonly string[] {
  return ['ip', 'netns', 'exec', namespace];
}

/** Runs a program to its end and gives what it printed; throws with what it complained of. */
export function run(program: string, args: readonly string[], input = ''): string {
  return execFileSync(program, args, { input, encoding: 'utf8', stdio: 'pipe' });
}

/** Runs a program in a namespace, as {@link run} does outside. */
export function runInside(namespace: string, command: readonly string[], input = ''): string {
  const [program = '', ...args] = [...insideNamespace(namespace), ...command];
  return run(program, args, input);
}

/** Feeds `ip` many commands at once, in a namespace or outside. */
export function ipBatch(commands: readonly string[], namespace?: string): void {
  const where = namespace === undefined ? [] : ['-n', namespace];
  run('ip', [...where, '-batch', '-'], `${commands.join('\n')}\n`);
}

/** Removes every namespace whose name begins so, and ends what runs in it; never throws. */
export function removeNamespaces(prefix: string): void {
  for (const name of namespaces().filter((one) => one.startsWith(prefix))) {
    try {
      for (const pid of run('ip', ['netns', 'pids', name]).split('\n').filter(Boolean)) {
        process.kill(Number(pid), 'SIGKILL');
      }
    } catch {
      // A process that ended meanwhile is as good as killed.
    }
    try {
      run('ip', ['netns', 'del', name]);
    } catch {
      // Gone already.
    }
  }
}

/** Removes what test runs left behind that were killed before they could clean up. */
export function removeOrphans(): void {
  for (const name of namespaces()) {
    const [, pid] = /^cablecar-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) removeNamespaces(name);
  }
}

function namespaces(): readonly string[] {
  return existsSync(NAMES_FOLDER) ? readdirSync(NAMES_FOLDER) : [];
}
