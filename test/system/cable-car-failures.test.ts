/**
 * What Python's cable_car 1.0.1 does not survive, a test for each: on its own wires, between a stranger who does it and
 * somebody honest who must not notice.
 */
import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  byteMessage,
  GameLoopAdapter,
  join,
  jsonMessage,
  type CableCarError,
  type Endpoint,
  type JoinOptions,
  type Mesh,
  type Messenger,
  type MessengerClose,
} from 'cablecar';
import { encodeBeacon, serviceHash, type ClassicWire } from '@cablecar/core-protocol';
import { nodeTransport } from '@cablecar/transport';
import { afterEach, expect, test, vi } from 'vitest';
import { freeUdpPort } from '../compliance/free-udp-port.ts';
import { bundle } from '../support/bundle.ts';
import { freeTcpPort } from '../support/free-tcp-port.ts';
import { idleCost } from '../support/idle-cost.ts';
import { Program } from '../support/program.ts';

class Note extends byteMessage(0x21, { text: 'string' }) {}
class Chat extends jsonMessage('Chat')<{ text: string }> {
  shout(): string {
    return this.text.toUpperCase();
  }
}

const STRANGER = '127.0.0.2';
const HONEST = '127.0.0.3';
const PATIENCE = { timeout: 10_000, interval: 5 };
const MEBIBYTE = 2 ** 20;

/** What is to be closed after this test. */
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
});

/** Somebody on this network at an address of his own, who speaks by hand. */
async function somebody(port: number, localAddress: string): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, localAddress });
  socket.on('error', () => {}); // a reset is an end like another
  socket.resume();
  open.push({ close: () => socket.destroy() });
  await once(socket, 'connect');
  return socket;
}

/** What one peer of our program has said, and how it ended. */
class Heard {
  readonly peer: Messenger<Note | Chat>;
  readonly messages: (Note | Chat)[] = [];
  end: MessengerClose | undefined;

  constructor(peer: Messenger<Note | Chat>) {
    this.peer = peer;
    peer.on('message', (message) => this.messages.push(message));
    peer.on('close', (end) => (this.end = end));
  }

  get texts(): readonly string[] {
    return this.messages.map(({ text }) => text);
  }
}

/** Our program on a classic wire, with a stranger and an honest peer. */
class Scene {
  readonly warnings: CableCarError[] = [];
  readonly #heard = new Map<string, Heard>();
  readonly #port: number;
  readonly #isJson: boolean;
  stranger!: Socket;
  #honest!: Socket;

  private constructor(mesh: Mesh<Note | Chat>, port: number, wire: ClassicWire) {
    this.#port = port;
    this.#isJson = wire === 'classic-json';
    mesh.on('peer', (peer) => this.#heard.set(peer.info.id, new Heard(peer)));
    mesh.on('warning', (error) => this.warnings.push(error));
  }

  static async on(wire: ClassicWire): Promise<Scene> {
    const [udpPort, tcpPort] = [await freeUdpPort(), await freeTcpPort()];
    const messages = wire === 'classic-json' ? [Chat] : [Note];
    const options: JoinOptions = { wire, messages, udpPort, tcpPort, interfaces: 'loopback' };
    const mesh = (await join(options)) as Mesh<Note | Chat>;
    open.push(mesh);
    const scene = new Scene(mesh, tcpPort, wire);
    scene.stranger = await somebody(tcpPort, STRANGER);
    scene.#honest = await somebody(tcpPort, HONEST);
    await vi.waitUntil(() => scene.#heard.size === 2, PATIENCE);
    return scene;
  }

  /** What the stranger has said. */
  get heard(): Heard {
    return this.#heard.get(STRANGER) as Heard;
  }

  /** The bytes of a message. */
  message(text: string): Buffer {
    if (this.#isJson) return Buffer.from(`["Chat",${JSON.stringify({ text })}]\n`);
    return Buffer.from([2 + 1 + text.length, 0x21, text.length, ...Buffer.from(text)]);
  }

  /** Has the stranger do what he should not, and say something right behind it. */
  write(bytes: Uint8Array | string): void {
    this.stranger.write(Buffer.concat([Buffer.from(bytes as string), this.message('after it')]));
  }

  /** Waits until the stranger is heard again. */
  async heardAfterIt(): Promise<void> {
    await vi.waitUntil(() => this.heard.texts.includes('after it'), PATIENCE);
  }

  /** The stranger begins again, is another peer and is heard. */
  async comesBack(): Promise<void> {
    this.#heard.delete(STRANGER);
    this.stranger = await somebody(this.#port, STRANGER);
    await vi.waitUntil(() => this.#heard.has(STRANGER), PATIENCE);
    this.stranger.write(this.message('after it'));
    await this.heardAfterIt();
  }

  /** The honest peer is heard, and has been warned of nothing. */
  async expectPeace(): Promise<void> {
    const { texts } = this.#heard.get(HONEST) as Heard;
    const before = texts.length;
    this.#honest.write(this.message('here'));
    const honest = this.#heard.get(HONEST) as Heard;
    await vi.waitUntil(() => honest.texts.length > before, PATIENCE);
    expect(honest.end).toBeUndefined();
  }

  codes(): readonly string[] {
    return this.warnings.map(({ code }) => code);
  }
}

test('a byte frame of length 0, then a valid frame: the connection ends with a code, the next one is heard (§9.3(2))', async () => {
  const scene = await Scene.on('classic-byte');
  const gone = new Promise((resolve) => scene.stranger.once('close', resolve));
  scene.write(Buffer.from([0]));
  await gone;
  await vi.waitUntil(() => scene.heard.end, PATIENCE);
  expect(scene.heard.end).toMatchObject({ code: 'fault', error: { code: 'ERR_FRAME' } });
  expect(scene.heard.texts).toEqual([]); // where a frame begins is anybody's guess
  await scene.comesBack();
  await scene.expectPeace();
});

test('an unknown byte code: a warning, and the frame behind it is heard (§9.3(3))', async () => {
  const scene = await Scene.on('classic-byte');
  scene.write(Buffer.from([3, 0xfe, 0]));
  await scene.heardAfterIt();
  expect(scene.codes()).toEqual(['ERR_MESSAGE_UNKNOWN']);
  expect(scene.heard.texts).toEqual(['after it']);
  await scene.expectPeace();
});

test('a malformed JSON line, then a valid line: a warning, and the valid line is heard (§9.2(4))', async () => {
  const scene = await Scene.on('classic-json');
  scene.write('["Chat",{"text":\n');
  await scene.heardAfterIt();
  expect(scene.codes()).toEqual(['ERR_MESSAGE_DECODE']);
  expect(scene.heard.texts).toEqual(['after it']);
  await scene.expectPeace();
});

test('a JSON field named as a member of its class: no method, class or prototype is replaced (§9.2(4))', async () => {
  const scene = await Scene.on('classic-json');
  const own = Object.getOwnPropertyNames(Object.prototype);
  const members = ['__proto__', 'constructor', 'prototype', 'shout', 'decodeAttributes'];
  for (const name of [...members, 'toString', 'hasOwnProperty']) {
    scene.stranger.write(`["Chat",{"text":"no","${name}":{"polluted":1}}]\n`);
  }
  scene.stranger.write('["Chat",{"text":"deep","more":{"__proto__":{"polluted":1}}}]\n');
  // To Python these are a method and a class; here they are words like any other.
  scene.write('["Chat",{"text":"data","encoded":"x","__class__":"y"}]\n');
  await scene.heardAfterIt();
  expect(scene.heard.texts).toEqual(['data', 'after it']);
  const [first] = scene.heard.messages as [Chat];
  expect(first).toStrictEqual(new Chat({ text: 'data', encoded: 'x', __class__: 'y' } as never));
  expect(first).toBeInstanceOf(Chat);
  expect(first.shout()).toBe('DATA');
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(own);
  expect(new Set(scene.codes())).toEqual(new Set(['ERR_MESSAGE_DECODE']));
  await scene.expectPeace();
});

test("a peer that closes its socket: 'close' comes, closed is true and xfer() false (§9.5(3))", async () => {
  const scene = await Scene.on('classic-json');
  const { peer } = scene.heard;
  peer.removeAllListeners('message'); // it is read by the loop from here on
  const line = new GameLoopAdapter(peer);
  expect([peer.closed, line.xfer()]).toEqual([false, true]);
  scene.stranger.end();
  await vi.waitUntil(() => scene.heard.end, PATIENCE);
  expect(scene.heard.end).toMatchObject({ code: 'goodbye' });
  expect([peer.closed, line.closed, line.xfer()]).toEqual([true, true, false]);
  await scene.comesBack();
  await scene.expectPeace();
});

test('64 MiB without a newline: a code, bounded memory, and the line behind it is heard (§9.2(4))', async () => {
  const [udpPort, tcpPort] = [await freeUdpPort(), await freeTcpPort()];
  const path = await bundle('test/network/programs/classic-peer.ts');
  const program = new Program('ours', [process.execPath, '--expose-gc', path, 'json']);
  open.push({ close: () => program.stop() });
  const next = (kind: string): Promise<Readonly<Record<string, unknown>>> =>
    program.next((line) => line['kind'] === kind);
  const memory = async (): Promise<number> => {
    program.tell({ do: 'memory' });
    const { heapBytes, bufferBytes } = await next('memory');
    return Number(heapBytes) + Number(bufferBytes);
  };
  program.tell({ do: 'join', udpPort, tcpPort, interfaces: 'loopback' });
  await next('joined');
  const stranger = await somebody(tcpPort, STRANGER);
  await next('peer');
  const before = await memory();
  let most = before;
  const piece = Buffer.alloc(MEBIBYTE, 'x');
  for (let sent = 0; sent < 64; sent++) {
    if (!stranger.write(piece)) await once(stranger, 'drain');
    if (sent % 8 === 7) most = Math.max(most, await memory());
  }
  console.log(
    `64 MiB without a newline: ${((most - before) / MEBIBYTE).toFixed(1)} MiB more at most`,
  );
  expect(most - before).toBeLessThan(4 * MEBIBYTE); // a line may have 1 MiB
  stranger.write('\n["Chat",{"text":"after it"}]\n');
  await program.next(({ text }) => text === 'after it');
  const warnings = program.printed.filter(({ kind }) => kind === 'warning');
  expect(warnings.map(({ code }) => code)).toEqual(['ERR_FRAME_TOO_LARGE']);
}, 60_000);

test('two idle connectors for 4.1 s: no busy loop', async () => {
  const options = { udpPort: await freeUdpPort(), interfaces: 'loopback' };
  const programs = ['one', 'another'].map((service) => ({ ...options, service }));
  const costs = await idleCost({ programs, meet: false, warmUpMs: 1_000, forMs: 4_100 });
  for (const { peers, cpuSeconds } of costs) {
    expect(peers).toBe(0);
    expect(cpuSeconds).toBeLessThan(0.1); // Python's use 2.0
  }
}, 60_000);

/** A socket from which a stranger sends datagrams. */
async function datagramsOf(address: string): Promise<Datagrams> {
  const socket = createSocket('udp4').bind(0, address);
  open.push({ close: () => new Promise<void>((resolve) => socket.close(() => resolve())) });
  await once(socket, 'listening');
  return socket;
}

/** Joins with a list of who is dialled. */
async function joinWatched(options: JoinOptions): Promise<readonly string[]> {
  const dialled: string[] = [];
  const transport = nodeTransport();
  const dial = (to: Endpoint, how?: object): ReturnType<typeof transport.dial> => {
    dialled.push(to.host);
    return transport.dial(to, how);
  };
  open.push(await join({ ...options, interfaces: 'loopback', transport: { ...transport, dial } }));
  return dialled;
}

test('any datagram on the port: no dial, and none to an address that did not send (§2.4)', async () => {
  const udpPort = await freeUdpPort();
  const dialled = await joinWatched({ udpPort });
  const stranger = await datagramsOf(STRANGER);
  const honest = await datagramsOf(HONEST);
  const beacon = encodeBeacon({
    kind: 'announce',
    serviceHash: serviceHash('default'),
    id: 'ff'.repeat(16),
    epoch: '00'.repeat(8),
    port: await freeTcpPort(),
    name: 'honest',
    metadata: { address: '127.0.0.9', host: '127.0.0.9' },
  });
  const foreign = Buffer.from(beacon);
  foreign.writeUInt8(9, 4);
  const bad = ['', 'BROADCAST', 'x'.repeat(1_400), foreign, beacon.subarray(0, 40)];
  for (const datagram of bad) stranger.send(datagram, udpPort, '127.0.0.1');
  // It comes behind the others on the same socket, so that they were all looked at when it is answered by a dial.
  honest.send(beacon, udpPort, '127.0.0.1');
  await vi.waitUntil(() => dialled.length > 0, PATIENCE);
  expect(new Set(dialled)).toEqual(new Set([HONEST]));
});

test('any datagram on the port of a classic wire: a nudge, and no dial for a single one (§9.1(4))', async () => {
  const [udpPort, tcpPort] = [await freeUdpPort(), await freeTcpPort()];
  const dialled = await joinWatched({ udpPort, tcpPort, wire: 'classic-json' });
  const stranger = await datagramsOf(STRANGER);
  const honest = await datagramsOf(HONEST);
  stranger.send('anything', udpPort, '127.0.0.1');
  const again = setInterval(() => honest.send('BROADCAST', udpPort, '127.0.0.1'), 100);
  open.push({ close: () => clearInterval(again) });
  await vi.waitUntil(() => dialled.length > 0, PATIENCE);
  expect(new Set(dialled)).toEqual(new Set([HONEST]));
});
