import { readFileSync } from 'node:fs';
import type { Figures } from '../channel.ts';

/** The columns of bytes and packets sent in /proc/net/dev. */
const SENT_BYTES = 8;
const SENT_PACKETS = 9;

/** What the process, and the loopback as a whole, have used since it was started. */
export class Meter {
  #at = 0;
  #cpu = process.cpuUsage();
  #reads = 0;
  #writes = 0;
  #packets = 0;
  #bytes = 0;
  #datagrams = 0;

  /** CPU time used since the start, in milliseconds. */
  get cpuMs(): number {
    const { user, system } = process.cpuUsage(this.#cpu);
    return (user + system) / 1_000;
  }

  /** How much of the CPU time since the start was the system's. */
  get systemShare(): number {
    const { user, system } = process.cpuUsage(this.#cpu);
    return system / (user + system);
  }

  start(): this {
    this.#reads = calls('syscr');
    this.#writes = calls('syscw');
    this.#packets = loopback(SENT_PACKETS);
    this.#bytes = loopback(SENT_BYTES);
    this.#datagrams = datagramsSent();
    this.#cpu = process.cpuUsage();
    this.#at = performance.now();
    return this;
  }

  stop(): Figures & { readonly ms: number; readonly cpuUs: number } {
    const ms = performance.now() - this.#at;
    const { user, system } = process.cpuUsage(this.#cpu);
    return {
      ms,
      cpuUs: user + system,
      reads: calls('syscr') - this.#reads,
      writes: calls('syscw') - this.#writes,
      packets: loopback(SENT_PACKETS) - this.#packets,
      bytes: loopback(SENT_BYTES) - this.#bytes,
      datagrams: datagramsSent() - this.#datagrams,
    };
  }
}

/** Calls that read or write by this process, of which Linux keeps count; NaN elsewhere. */
function calls(which: 'syscr' | 'syscw'): number {
  return Number(new RegExp(`${which}: (\\d+)`).exec(textOf('/proc/self/io'))?.[1]);
}

/** What went over the loopback, whoever's; the benchmark runs in a network namespace of its own where it may. */
function loopback(column: number): number {
  const counts = /\blo:\s*(.*)/.exec(textOf('/proc/net/dev'))?.[1]?.split(/\s+/);
  return Number(counts?.[column]);
}

function datagramsSent(): number {
  const lines = textOf('/proc/net/snmp').split('\n');
  const [names = '', values = ''] = lines.filter((line) => line.startsWith('Udp:'));
  return Number(values.split(' ')[names.split(' ').indexOf('OutDatagrams')]);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
