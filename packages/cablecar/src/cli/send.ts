import { createInterface } from 'node:readline';
import { CableCarError } from '@cablecar/core-protocol';
import type { Messenger } from '@cablecar/messenger';
import { join } from '../join.ts';
import type { Mesh } from '../mesh.ts';
import type { Call } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { describePeer, findPeers, isPeer, peerRecord } from './find-peer.ts';
import { UsageError, type Arguments } from './flags.ts';
import { joinOptions } from './join-from.ts';
import { LineMessage } from './line-message.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
/** The receivers may be slower than the input, however long that takes. */
const FLUSH_TIMEOUT_MS = 600_000;

/** `cablecar send` */
export async function run({ args, terminal, signal }: Call): Promise<number> {
  const count = args.whole('receivers', { low: 1, high: 1024 }) ?? 1;
  const wanted = args.text('to');
  const timeoutMs = args.seconds('timeout') ?? DEFAULT_TIMEOUT_MS;
  const mesh = await join({ ...joinOptions(args), messages: [LineMessage] });
  mesh.on('peer', (peer) => peer.on('message', () => {})); // whoever talks to a sender is not held up by it
  try {
    const peers = await findPeers(mesh, { wanted, count, timeoutMs, signal });
    const sender = new Sender(mesh, wanted);
    const lines = createInterface({ input: terminal.input, crlfDelay: Infinity, signal });
    for await (const line of lines) {
      if (line.trim() !== '') await sender.send(messageOf(line, args, sender.sent + 1));
    }
    await sender.flush();
    const lost = peers.filter((peer) => !sender.hasAll(peer));
    if (args.has('json')) {
      const record = (peer: Messenger): object => ({
        ...peerRecord(peer.info),
        received: sender.hasAll(peer),
      });
      terminal.printJson({ kind: 'sent', values: sender.sent, peers: peers.map(record) });
    } else {
      for (const { info } of lost) terminal.note(`${describePeer(info)} did not receive all of it`);
    }
    if (signal.aborted) return EXIT.interrupted;
    return lost.length === 0 ? EXIT.done : EXIT.failed;
  } finally {
    await mesh.close();
  }
}

/** Sends to everybody wanted, no faster than all of them take it. */
class Sender {
  sent = 0;
  readonly #mesh: Mesh<LineMessage>;
  readonly #wanted: string | undefined;
  readonly #lost = new Set<Messenger>();

  constructor(mesh: Mesh<LineMessage>, wanted: string | undefined) {
    this.#mesh = mesh;
    this.#wanted = wanted;
    mesh.on('peer:lost', (peer) => this.#lost.add(peer));
  }

  async send(message: LineMessage): Promise<void> {
    const full = this.#peers().filter((peer) => !this.#sendTo(peer, message));
    this.sent++;
    await Promise.all(full.map((peer) => this.#flushed(peer)));
  }

  async flush(): Promise<void> {
    await Promise.all(this.#peers().map((peer) => this.#flushed(peer)));
  }

  /** Whether a peer is there still, and has confirmed all that was sent. */
  hasAll(peer: Messenger): boolean {
    return !this.#lost.has(peer) && peer.stats.messagesPending === 0;
  }

  #peers(): Messenger<LineMessage>[] {
    const peers = [...this.#mesh.peers.values()];
    const wanted = this.#wanted;
    return wanted === undefined ? peers : peers.filter(({ info }) => isPeer(info, wanted));
  }

  #sendTo(peer: Messenger<LineMessage>, message: LineMessage): boolean {
    try {
      return peer.send(message);
    } catch (error) {
      // One that leaves just now is told of at the end; any other error is the message's.
      if (CableCarError.is(error, 'ERR_CLOSED')) return true;
      throw error;
    }
  }

  async #flushed(peer: Messenger): Promise<void> {
    try {
      await peer.flush({ timeoutMs: FLUSH_TIMEOUT_MS });
    } catch (error) {
      if (!CableCarError.is(error)) throw error;
      this.#lost.add(peer);
    }
  }
}

function messageOf(line: string, args: Arguments, number: number): LineMessage {
  if (args.has('text')) return new LineMessage({ value: line });
  try {
    return new LineMessage({ value: JSON.parse(line) as unknown });
  } catch {
    throw new UsageError(`line ${number} of the input is no JSON, expected a value; or use --text`);
  }
}
