import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The two kinds of ports. */
export type PortKind = 'udp' | 'tcp';

/** Who has a port of this machine, such as `node (pid 4242)`; undefined where that cannot be told. */
export async function portHolder(kind: PortKind, port: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') return await onLinux(kind, port);
    if (process.platform === 'win32') return await onWindows(kind, port);
    const { stdout } = await run('lsof', ['-nP', `-i${kind.toUpperCase()}:${port}`, '-Fpc']);
    return holderInLsof(stdout);
  } catch {
    return undefined; // no right to know, or no such program
  }
}

async function onLinux(kind: PortKind, port: number): Promise<string | undefined> {
  const tables = await Promise.all(
    [kind, `${kind}6`].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const inodes = tables.flatMap((table) => inodesOfPort(table, port));
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode === undefined || !inodes.includes(inode)) continue;
      const name = await readFile(`/proc/${pid}/comm`, 'utf8');
      return `${name.trim()} (pid ${pid})`;
    }
  }
  return undefined;
}

async function onWindows(kind: PortKind, port: number): Promise<string | undefined> {
  const { stdout } = await run('netstat', ['-ano', '-p', kind]);
  const pid = pidInNetstat(stdout, port);
  if (pid === undefined) return undefined;
  const tasks = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']);
  const name = /^"([^"]+)"/m.exec(tasks.stdout)?.[1];
  return `${name ?? 'a program'} (pid ${pid})`;
}

/** The inodes of the sockets that are bound to a port, in a table of `/proc/net`. */
export function inodesOfPort(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table.split('\n').flatMap((line) => {
    const [, local = '', , , , , , , , inode] = line.trim().split(/\s+/);
    return inode !== undefined && local.endsWith(`:${wanted}`) ? [inode] : [];
  });
}

/** The first program in what `lsof -Fpc` prints. */
export function holderInLsof(text: string): string | undefined {
  const [pid, name] = [/^p(\d+)$/m.exec(text)?.[1], /^c(.+)$/m.exec(text)?.[1]];
  return pid === undefined ? undefined : `${name ?? 'a program'} (pid ${pid})`;
}

/** The process that is bound to a port, in what `netstat -ano` prints. */
export function pidInNetstat(text: string, port: number): string | undefined {
  for (const line of text.split(/\r?\n/)) {
    const words = line.trim().split(/\s+/);
    if (words[1]?.endsWith(`:${port}`)) return words.at(-1);
  }
  return undefined;
}
