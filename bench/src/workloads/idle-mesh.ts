import { setTimeout as sleep } from 'node:timers/promises';
import { join, type Mesh } from 'cablecar';
import { Meter } from './meter.ts';

/** What a program takes that has nothing to say. */
export interface Idleness {
  readonly cpuPercent: number;
  readonly datagramsPerSecond: number;
}

/** Joins the others that run on this machine. */
export function open(): Promise<Mesh> {
  return join({ service: 'bench', interfaces: 'loopback' });
}

/** What this program takes while it does nothing for a while. */
export async function measureIdle(forMs: number): Promise<Idleness> {
  const meter = new Meter().start();
  await sleep(forMs);
  const { ms, cpuUs, datagrams = 0 } = meter.stop();
  return { cpuPercent: cpuUs / ms / 10, datagramsPerSecond: datagrams / (ms / 1_000) };
}
