import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { promisify } from 'node:util';
import type { Platform } from './finding.ts';

const run = promisify(execFile);

/** The system that fixes are for. */
export function platformOf(name: NodeJS.Platform): Platform {
  return name === 'win32' ? 'windows' : name === 'darwin' ? 'macos' : 'linux';
}

/** Whether this is a container, as far as containers leave a mark. */
export function isContainer(): boolean {
  return existsSync('/.dockerenv') || existsSync('/run/.containerenv');
}

/** Whether this is Linux under Windows. */
export function isWsl(): boolean {
  return process.platform === 'linux' && /microsoft/i.test(release());
}

/**
 * Whether a machine answers on the link itself, after it was dialled: whether the system has learnt the hardware address
 * that belongs to the IPv4 address. Undefined where that cannot be told.
 */
export async function answersOnLink(address: string): Promise<boolean | undefined> {
  try {
    if (process.platform === 'linux') {
      return hasHardwareAddress(await readFile('/proc/net/arp', 'utf8'), address);
    }
    const flag = process.platform === 'win32' ? '-a' : '-n';
    return hasHardwareAddress((await run('arp', [flag, address])).stdout, address);
  } catch {
    return undefined;
  }
}

/** Whether a line about the address in a table of ARP has a hardware address that is not all zeros. */
export function hasHardwareAddress(table: string, address: string): boolean {
  return table.split('\n').some((line) => {
    const isAbout = line.split(/[\s()]+/).includes(address);
    const hardware = /\b(?:[\da-f]{1,2}[:-]){5}[\da-f]{1,2}\b/i.exec(line)?.[0];
    return isAbout && hardware !== undefined && /[1-9a-f]/i.test(hardware);
  });
}
