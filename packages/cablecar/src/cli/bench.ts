import { once } from 'node:events';
import type { Messenger } from '@cablecar/messenger';
import { join } from '../join.ts';
import type { Mesh } from '../mesh.ts';
import { BenchEcho, BenchLoad } from './bench-message.ts';
import type { Call } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { describePeer, findPeers, peerRecord } from './find-peer.ts';
import { joinOptions } from './join-from.ts';
import type { Terminal } from './terminal.ts';

const SERVICE = 'cablecar-bench';
const DEFAULT_MS = 2000;
const FLUSH_TIMEOUT_MS = 60_000;
const SMALL_BYTES = 64;
const LARGE_BYTES = 65_536;

type BenchMesh = Mesh<BenchEcho | BenchLoad>;
type BenchPeer = Messenger<BenchEcho | BenchLoad>;

/** `cablecar bench` */
export async function run({ args, terminal, signal }: Call): Promise<number> {
  const isJson = args.has('json');
  const durationMs = args.seconds('seconds') ?? DEFAULT_MS;
  const timeoutMs = args.seconds('timeout') ?? 10_000;
  const mesh = await join({
    service: SERVICE,
    ...joinOptions(args),
    messages: [BenchEcho, BenchLoad],
  });
  try {
    if (args.has('serve')) return await serve(mesh, terminal, signal);
    const wanted = args.positionals[0];
    const [peer] = await findPeers(mesh, { wanted, timeoutMs, signal });
    if (peer === undefined) return EXIT.failed;
    if (!isJson) terminal.print(`with ${describePeer(peer.info)}, ${durationMs / 1000} s each`);
    for (const measure of [roundTrips, smallMessages, largeMessages]) {
      const { text, ...figures } = await measure(peer, durationMs, signal);
      if (isJson) terminal.printJson({ ...figures, peer: peerRecord(peer.info) });
      else terminal.print(text);
    }
    return EXIT.done;
  } finally {
    await mesh.close();
  }
}

async function serve(mesh: BenchMesh, terminal: Terminal, signal: AbortSignal): Promise<number> {
  mesh.on('peer', (peer) => {
    terminal.note(`${describePeer(peer.info)} came`);
    peer.on('message', (message) => {
      if (message instanceof BenchEcho) peer.send(message);
    });
  });
  if (!signal.aborted) await once(signal, 'abort');
  return EXIT.done;
}

/** What one measurement gave: figures for programs, and a line for people. */
interface Measured {
  readonly kind: string;
  readonly text: string;
}

async function roundTrips(
  peer: BenchPeer,
  durationMs: number,
  signal: AbortSignal,
): Promise<Measured> {
  const times: number[] = [];
  const echo = new BenchEcho({ bytes: new Uint8Array(SMALL_BYTES) });
  const reader = peer.messages({ signal });
  const end = performance.now() + durationMs;
  for (let before; (before = performance.now()) < end;) {
    peer.send(echo);
    await reader.next();
    times.push(performance.now() - before);
  }
  await reader.return?.();
  times.sort((one, other) => one - other);
  const at = (part: number): number => times[Math.floor((times.length - 1) * part)] ?? 0;
  const [medianMs, p99Ms, mostMs] = [at(0.5), at(0.99), at(1)];
  const figures = [medianMs, p99Ms, mostMs].map((ms) => ms.toFixed(3)).join(', ');
  return {
    kind: 'round-trips',
    ...{ count: times.length, medianMs, p99Ms, mostMs },
    text: `round trips of ${SMALL_BYTES} bytes: median, 99 %, most: ${figures} ms`,
  };
}

async function smallMessages(
  peer: BenchPeer,
  durationMs: number,
  signal: AbortSignal,
): Promise<Measured> {
  const { count, seconds } = await load(peer, SMALL_BYTES, { durationMs, signal });
  const perSecond = Math.round(count / seconds);
  const text = `messages of ${SMALL_BYTES} bytes: ${perSecond.toLocaleString('en')} a second`;
  return { kind: 'small-messages', ...{ count, perSecond }, text };
}

async function largeMessages(
  peer: BenchPeer,
  durationMs: number,
  signal: AbortSignal,
): Promise<Measured> {
  const { count, seconds } = await load(peer, LARGE_BYTES, { durationMs, signal });
  const megabytesPerSecond = (count * LARGE_BYTES) / seconds / 1e6;
  const text = `messages of ${LARGE_BYTES / 1024} KiB: ${megabytesPerSecond.toFixed(1)} MB/s`;
  return { kind: 'large-messages', ...{ count, megabytesPerSecond }, text };
}

/** Sends as much as the peer takes; counts what it has received, in the time until it has. */
async function load(
  peer: BenchPeer,
  size: number,
  { durationMs, signal }: { readonly durationMs: number; readonly signal: AbortSignal },
): Promise<{ count: number; seconds: number }> {
  const message = new BenchLoad({ bytes: new Uint8Array(size) });
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < durationMs) {
    count++;
    if (!peer.send(message)) await peer.flush({ timeoutMs: FLUSH_TIMEOUT_MS, signal });
  }
  await peer.flush({ timeoutMs: FLUSH_TIMEOUT_MS, signal });
  return { count, seconds: (performance.now() - start) / 1000 };
}
