import { setTimeout } from 'node:timers/promises';
import type { Messenger } from '@cablecar/messenger';

/**
 * The round trip that a peer's next heartbeat measures, at most an interval from now; undefined when there was no
 * answer. Rejects when the signal aborts.
 */
export async function nextReading(
  peer: Messenger,
  intervalMs: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const before = peer.stats.lastMs;
  await setTimeout(intervalMs, undefined, { signal });
  const { lastMs } = peer.stats;
  return lastMs === before ? undefined : lastMs; // a clock of microseconds hardly gives the same twice
}
