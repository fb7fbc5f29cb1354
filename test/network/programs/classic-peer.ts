/**
 * A program for LAN tests: speaks a classic wire as it is told by lines of JSON, and prints what happens.
 * Arguments: 'json' or 'byte', and how messages are taken: 'events', 'loop' or 'frames'. The messages are those of peer.py.
 */
import { createInterface } from 'node:readline';
import {
  byteMessage,
  DirectClient,
  DirectServer,
  GameLoopAdapter,
  join,
  jsonMessage,
  Messenger,
  MsgIdentify,
  MsgQuit,
  type CableCarError,
  type JoinOptions,
  type Link,
  type Mesh,
  type MessageClass,
  type Transport,
} from 'cablecar';
import { nodeTransport } from '@cablecar/transport';

class Count extends jsonMessage('Count')<{ n: number; text: string }> {}
class Chat extends jsonMessage('Chat')<Record<string, unknown>> {}
class ByteCount extends byteMessage(0x20)<{ n: number; text: string }> {
  override encode() {
    const bytes = Buffer.alloc(4 + this.text.length, this.text, 'latin1');
    bytes.writeUInt32BE(this.n);
    bytes.write(this.text, 4, 'latin1');
    return bytes;
  }
  override decode(bytes: Uint8Array) {
    const buffer = Buffer.from(bytes);
    this.n = buffer.readUInt32BE();
    this.text = buffer.toString('latin1', 4);
  }
}
class Raw extends byteMessage(0x21)<{ data: string }> {
  override encode() {
    return Buffer.from(this.data, 'hex');
  }
  override decode(bytes: Uint8Array) {
    this.data = Buffer.from(bytes).toString('hex');
  }
}

type Talk = Count | Chat | ByteCount | Raw | MsgIdentify | MsgQuit;
type Peer = Messenger<Talk>;

/** What a test may ask for. */
type Command =
  | ({ readonly do: 'join'; readonly isCrossing?: boolean } & Omit<
      JoinOptions,
      'messages' | 'wire'
    >)
  | { readonly do: 'serve'; readonly port: number }
  | { readonly do: 'dial'; readonly host: string; readonly port: number }
  | { readonly do: 'say'; readonly text: unknown }
  | { readonly do: 'identify' | 'quit' | 'destroy' | 'close' | 'report' | 'memory' }
  | { readonly do: 'send'; readonly count: number; readonly size: number };

const [, , format, style = 'events'] = process.argv;
const isJson = format === 'json';
const wire = isJson ? 'classic-json' : 'classic-byte';
const messages: readonly MessageClass[] = isJson
  ? [Count, Chat, MsgIdentify, MsgQuit]
  : [ByteCount, Raw, MsgIdentify, MsgQuit];
let mesh: Mesh | undefined;
const peers = new Set<Peer>();
/** Memory when sending began, and the most since. */
let firstBytes = 0;
let peakBytes = 0;

function print(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function warn({ code, message }: CableCarError): void {
  print({ kind: 'warning', code, message });
}

/** What came of the n-th of many: in order, whole, and how many. */
class Tally {
  received = 0;
  checksum = 0;
  isInOrder = true;
  size = -1;

  take({ n, text }: { readonly n: number; readonly text: string }): void {
    this.isInOrder &&= n === this.received && /^x*$/.test(text);
    this.isInOrder &&= this.size === -1 || this.size === text.length;
    this.size = text.length;
    this.received++;
    this.checksum = (Math.imul(this.checksum, 31) + n) >>> 0;
  }
}

const tallies = new Map<Peer, Tally>();

function meet(peer: Peer): void {
  const tally = new Tally();
  tallies.set(peer, tally);
  peers.add(peer);
  const { id, name, dialledBy } = peer.info;
  print({ kind: 'peer', id, name, dialledBy });
  consume(peer, (message) => {
    if (message instanceof Count || message instanceof ByteCount) return tally.take(message);
    const { name: from } = peer.info;
    print({ kind: 'message', id, from, type: message.constructor.name, ...attributesOf(message) });
  });
  peer.on('close', ({ code, error, undelivered }) => {
    peers.delete(peer);
    print({ kind: 'lost', id, code, error: error?.code, undelivered });
  });
}

/** Takes the messages of a peer, in one of the three styles. */
function consume(peer: Peer, take: (message: Talk) => void): void {
  if (style === 'events') peer.on('message', take);
  else if (style === 'loop') void takeAll(peer, take);
  else {
    const line = new GameLoopAdapter(peer);
    const timer = setInterval(() => {
      if (!line.xfer()) clearInterval(timer);
      for (let message; (message = line.get()) !== null;) take(message);
    }, 1_000 / 60);
  }
}

async function takeAll(peer: Peer, take: (message: Talk) => void): Promise<void> {
  for await (const message of peer) take(message);
}

function meetDirectly(link: Link): void {
  const peer = new Messenger(link, { wire, messages }) as unknown as Peer;
  peer.on('warning', warn);
  meet(peer);
}

async function sendMany(peer: Peer, { count, size }: Command & { do: 'send' }): Promise<void> {
  const text = 'x'.repeat(size);
  const { id } = peer.info;
  let waits = 0;
  let mostPending = 0;
  for (let n = 0; n < count; n++) {
    const fields = { n, text };
    if (peer.send(isJson ? new Count(fields) : new ByteCount(fields))) continue;
    waits++;
    mostPending = Math.max(mostPending, peer.stats.bytesPending);
    peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
    await new Promise<void>((resolve) => peer.once('drain', resolve));
  }
  await peer.flush();
  print({ kind: 'sent', id, waits, mostPending });
}

/** A transport that hears of connections only when its own dial has connected: as if both had dialled at one time. */
function crossing(transport: Transport): Transport {
  let hasConnected = (): void => {};
  const connected = new Promise<void>((resolve) => (hasConnected = resolve));
  return {
    ...transport,
    listen: (options) =>
      transport.listen({
        ...options,
        onConnection: (connection) =>
          void connected.then(() => setTimeout(() => options.onConnection(connection), 20)),
      }),
    dial: (to, options) => transport.dial(to, options).finally(hasConnected),
  };
}

async function obey(command: Command): Promise<void> {
  switch (command.do) {
    case 'join': {
      const { do: _, isCrossing, ...options } = command;
      const transport = isCrossing ? crossing(nodeTransport()) : nodeTransport();
      mesh = await join({ ...options, wire, messages, transport });
      mesh.on('peer', (peer) => meet(peer as Peer));
      mesh.on('warning', warn);
      mesh.on('peer:update', ({ info: { id, name } }) => print({ kind: 'update', id, name }));
      return print({ kind: 'joined', id: mesh.id });
    }
    case 'serve': {
      const server = new DirectServer({ wire, port: command.port });
      const link = server.connect({ timeoutMs: 10_000 });
      return meetDirectly(await link);
    }
    case 'dial': {
      const { host, port } = command;
      return meetDirectly(
        await new DirectClient({ wire, host, port }).connect({ timeoutMs: 10_000 }),
      );
    }
    case 'identify':
      for (const peer of peers) peer.send(new MsgIdentify());
      return;
    case 'quit':
      for (const peer of peers) peer.send(new MsgQuit());
      return;
    case 'say':
      for (const peer of peers) {
        peer.send(
          isJson ? new Chat({ text: command.text }) : new Raw({ data: String(command.text) }),
        );
      }
      return;
    case 'send':
      firstBytes = peakBytes = process.memoryUsage().rss;
      for (const peer of peers) void sendMany(peer, command);
      return;
    case 'report':
      for (const [peer, { received, checksum, isInOrder }] of tallies) {
        const { id } = peer.info;
        print({
          kind: 'report',
          id,
          received,
          checksum,
          isInOrder,
          grownBytes: peakBytes - firstBytes,
          ...peer.stats,
        });
      }
      tallies.clear();
      return;
    case 'memory': {
      for (let time = 0; time < 2; time++) globalThis.gc?.(); // the second one waits for the buffers of the first
      const { heapUsed: heapBytes, external: bufferBytes } = process.memoryUsage();
      return print({ kind: 'memory', heapBytes, bufferBytes });
    }
    case 'destroy':
      for (const peer of peers) peer.destroy();
      return;
    case 'close': {
      const began = performance.now();
      await Promise.all([...peers].map((peer) => peer.close()));
      await mesh?.close();
      return print({ kind: 'closed', ms: performance.now() - began });
    }
  }
}

print({ kind: 'ready' });
for await (const line of createInterface({ input: process.stdin })) {
  void obey(JSON.parse(line) as Command);
}

/** A message's own attributes, without its class. */
function attributesOf(message: object): object {
  return Object.fromEntries(Object.entries(message));
}
