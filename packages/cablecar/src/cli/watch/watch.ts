import { setTimeout } from 'node:timers/promises';
import type { Call } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { joinOptions } from '../join-from.ts';
import { nextReading } from '../round-trip-reading.ts';
import type { Terminal } from '../terminal.ts';
import { frameOf } from './frame.ts';
import { Observer } from './observer.ts';
import type { PeerRow } from './peer-row.ts';
import { Screen } from './screen.ts';

const HEARTBEAT_MS = 500;
const LOOK_EVERY_MS = 1000;
const MAX_EVENTS = 500;
const CTRL_C = '\u0003';

/** `cablecar watch` */
export async function run({ args, terminal, signal }: Call): Promise<number> {
  const isLive = terminal.isInteractive && !args.has('json');
  const options = { ...joinOptions(args), heartbeatIntervalMs: HEARTBEAT_MS };
  const observer = await Observer.start(options);
  try {
    await (isLive ? showLive : printLines)(observer, terminal, signal);
  } finally {
    await observer.close();
  }
  return EXIT.done;
}

/** A line of JSON for each event, and one each second for all the peers. */
async function printLines(
  observer: Observer,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  observer.listen(({ record }) => terminal.printJson(record));
  while (await passed(LOOK_EVERY_MS, signal)) {
    terminal.printJson({ kind: 'reading', peers: observer.read(), services: observer.services() });
  }
}

async function showLive(
  observer: Observer,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const quit = new AbortController();
  const ended = AbortSignal.any([signal, quit.signal]);
  const events: string[] = [];
  let peers: readonly PeerRow[] = observer.read();
  const { service, mesh } = observer;
  const screen = new Screen(terminal.output, (size) =>
    frameOf(
      { service, name: mesh.name, peers, services: observer.services(), events },
      size,
      (style, text) => terminal.paint(style, text),
    ),
  );
  const note = (text: string): void => {
    events.push(`${new Date().toTimeString().slice(0, 8)} ${text}`);
    if (events.length > MAX_EVENTS) events.shift();
  };
  const keys = (bytes: Buffer): void => {
    const text = bytes.toString();
    if (text.includes('q') || text.includes(CTRL_C)) quit.abort();
    else if (text.includes('p')) void pingAll(observer, note, ended).then(() => screen.update());
  };
  const { input } = terminal;
  screen.open();
  input.setRawMode?.(true);
  input.on('data', keys);
  observer.listen(({ text }) => {
    note(text);
    peers = observer.read();
    screen.update();
  });
  try {
    while (await passed(LOOK_EVERY_MS, ended)) {
      peers = observer.read();
      screen.update();
    }
  } finally {
    input.off('data', keys);
    input.setRawMode?.(false);
    input.pause();
    screen.close();
  }
}

async function pingAll(
  { mesh }: Observer,
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const pings = [...mesh.peers.values()].map(async (peer) => {
    const ms = await nextReading(peer, HEARTBEAT_MS, signal).catch(() => undefined);
    note(`ping ${peer.info.name}: ${ms === undefined ? 'no answer' : `${ms.toFixed(3)} ms`}`);
  });
  await Promise.all(pings);
}

/** Whether the time has passed before the signal aborted. */
async function passed(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  return setTimeout(ms, true, { signal }).catch(() => false);
}
