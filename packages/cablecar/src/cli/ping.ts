import { join } from '../join.ts';
import type { Call } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { describePeer, findPeers, peerRecord } from './find-peer.ts';
import { UsageError } from './flags.ts';
import { joinOptions } from './join-from.ts';
import { nextReading } from './round-trip-reading.ts';

const DEFAULT_COUNT = 4;
const INTERVAL = { fallback: 1000, low: 50, high: 3000 };

/** `cablecar ping`. The heartbeats that every program answers are the pings. */
export async function run({ args, terminal, signal }: Call): Promise<number> {
  const count = args.whole('count', { low: 1, high: 1e9 }) ?? DEFAULT_COUNT;
  const intervalMs = Math.round(args.seconds('interval') ?? INTERVAL.fallback);
  if (intervalMs < INTERVAL.low || intervalMs > INTERVAL.high) {
    throw new UsageError(`--interval is ${intervalMs / 1000}, expected seconds from 0.05 to 3`);
  }
  const isJson = args.has('json');
  const times: number[] = [];
  const mesh = await join({ ...joinOptions(args), heartbeatIntervalMs: intervalMs });
  try {
    const timeoutMs = args.seconds('timeout') ?? 10_000;
    const wanted = args.positionals[0];
    const [peer] = await findPeers(mesh, { wanted, timeoutMs, signal });
    if (peer === undefined) return EXIT.failed; // gone in the very moment
    peer.on('message', () => {}); // nothing that it sends piles up here
    if (!isJson) terminal.print(`ping ${describePeer(peer.info)}`);
    for (let number = 1; number <= count && !peer.closed; number++) {
      const ms = await nextReading(peer, intervalMs, signal);
      if (ms !== undefined) times.push(ms);
      if (isJson) terminal.printJson({ kind: 'ping', number, peer: peerRecord(peer.info), ms });
      else terminal.print(`${number}: ${ms === undefined ? 'no answer' : milliseconds(ms)}`);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await mesh.close();
  }
  if (times.length === 0) return signal.aborted ? EXIT.interrupted : EXIT.failed;
  const [least, mean, most] = summary(times);
  if (isJson) terminal.printJson({ kind: 'summary', answers: times.length, least, mean, most });
  else {
    const figures = [least, mean, most].map(milliseconds).join(', ');
    terminal.print(`${times.length} answers; least, mean, most: ${figures}`);
  }
  return EXIT.done;
}

function summary(times: readonly number[]): [number, number, number] {
  const sum = times.reduce((total, ms) => total + ms, 0);
  return [Math.min(...times), sum / times.length, Math.max(...times)];
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(3)} ms`;
}
