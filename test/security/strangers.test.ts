/** What strangers do to programs that encrypt, on real sockets. Each has an address of its own in 127.0.0.0/8. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import {
  DirectClient,
  join,
  jsonMessage,
  Messenger,
  type CableCarError,
  type JoinOptions,
  type Mesh,
} from 'cablecar';
import { FRAME } from '@cablecar/core-protocol';
import { nodeTransport } from '@cablecar/transport';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { freeUdpPort } from '../compliance/free-udp-port.ts';
import { clientHello } from '../support/client-hello.ts';
import { freeTcpPort } from '../support/free-tcp-port.ts';
import { RawPeer } from '../support/raw-peer.ts';
import { SilentStranger } from './silent-stranger.ts';

class Chat extends jsonMessage('Chat')<{ text: string }> {}

const PATIENCE = { timeout: 15_000, interval: 5 };
const HANDSHAKE_MS = 2_000;

let tcpPort: number;
let udpPort: number;
let warnings: CableCarError[];
const cleanups: (() => unknown)[] = [];

beforeEach(async () => {
  tcpPort = await freeTcpPort();
  udpPort = await freeUdpPort();
  warnings = [];
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function joined(name: string, more: Omit<JoinOptions, 'messages'> = {}): Promise<Mesh<Chat>> {
  const mesh = await join({ ...more, name, udpPort, interfaces: 'loopback', messages: [Chat] });
  cleanups.push(() => mesh.close());
  return mesh;
}

/** The program to which all is done. */
async function victim(): Promise<Mesh<Chat>> {
  const ada = await joined('ada', { tcpPort });
  ada.on('warning', (error) => warnings.push(error));
  return ada;
}

function codes(): Set<string> {
  return new Set(warnings.map(({ code }) => code));
}

describe('whoever never completes a handshake', () => {
  test('keeps nobody out: 64 who are silent and 64 who trickle, and an honest peer is in within 3 s (T6)', async () => {
    const ada = await victim();
    const hello = await clientHello();
    const crowd = await Promise.all(
      Array.from({ length: 128 }, (_, n) =>
        SilentStranger.from(`127.6.0.${1 + (n >> 3)}`, tcpPort, n % 2 === 0 ? undefined : hello),
      ),
    );
    cleanups.push(() => crowd.forEach((stranger) => stranger.leave()));
    const began = performance.now();
    const bob = await joined('bob');
    await bob.firstPeer({ timeoutMs: 3_000 });
    expect(performance.now() - began).toBeLessThanOrEqual(3_000);
    await vi.waitUntil(() => ada.peers.has(bob.id), PATIENCE);
    // Each is gone when its time is over, however it passed it; who made room was gone before.
    await Promise.all(crowd.map(({ closed }) => closed));
    expect(codes()).toEqual(new Set(['ERR_LIMIT', 'ERR_HANDSHAKE_TIMEOUT']));
  });

  test.each(['silent', 'trickling'])('has two seconds, also where it is %s (T6)', async (how) => {
    await victim();
    const words = how === 'silent' ? undefined : await clientHello();
    const began = performance.now();
    await (
      await SilentStranger.from('127.6.0.1', tcpPort, words)
    ).closed;
    expect(performance.now() - began).toBeGreaterThanOrEqual(HANDSHAKE_MS - 50);
    expect(codes()).toEqual(new Set(['ERR_HANDSHAKE_TIMEOUT']));
  });

  test('has eight places for an address, and the ninth is closed before it has said a word (T5)', async () => {
    await victim();
    const hello = await clientHello();
    const eight = await Promise.all(
      Array.from({ length: 8 }, () => SilentStranger.from('127.6.0.1', tcpPort, hello)),
    );
    const ninth = await SilentStranger.from('127.6.0.1', tcpPort);
    await ninth.closed;
    expect(eight.map(({ isClosed }) => isClosed)).toEqual(eight.map(() => false));
    const other = await SilentStranger.from('127.6.0.2', tcpPort);
    await vi.waitUntil(() => codes().has('ERR_LIMIT'), PATIENCE);
    expect(other.isClosed).toBe(false);
    for (const stranger of [...eight, other]) stranger.leave();
  });

  test('makes room for others when sixty-four are there: the eldest of the host that has most (T5)', async () => {
    await victim();
    const known = await RawPeer.dial(tcpPort);
    known.hello();
    await known.next(FRAME.WELCOME);
    const hello = await clientHello();
    const honest = await SilentStranger.from('127.6.2.1', tcpPort, hello);
    const crowd: SilentStranger[] = [];
    for (let n = 0; n < 70; n++)
      crowd.push(await SilentStranger.from(`127.6.1.${1 + (n >> 3)}`, tcpPort, hello));
    // Two places are taken by others, so eight of the seventy had to go: one of each host that had eight.
    await vi.waitUntil(() => crowd.filter(({ isClosed }) => isClosed).length >= 8, PATIENCE);
    const gone = crowd.flatMap(({ isClosed }, n) => (isClosed ? [n] : []));
    expect(gone).toEqual([0, 8, 16, 24, 32, 40, 48, 56]);
    expect(honest.isClosed).toBe(false);
    known.writeFrame(FRAME.READY);
    await known.next(FRAME.OPEN); // and it still gets in
    known.destroy();
    for (const stranger of [...crowd, honest]) stranger.leave();
  });
});

describe('whoever stands in between', () => {
  /** Passes on what comes, and keeps what the dialling end says. */
  async function listenerInBetween(): Promise<{ port: number; said: Buffer[] }> {
    const said: Buffer[] = [];
    const pass = (from: Socket, to: Socket): void => {
      from.on('error', () => {}).on('close', () => to.destroy());
      from.on('data', (bytes: Buffer) => to.write(bytes));
    };
    const proxy = createServer((near) => {
      const far = connect(tcpPort, '127.0.0.1');
      near.on('data', (bytes: Buffer) => said.push(bytes));
      pass(near, far);
      pass(far, near);
    }).listen(0, '127.0.0.1');
    cleanups.push(() => proxy.close());
    await once(proxy, 'listening');
    return { port: (proxy.address() as AddressInfo).port, said };
  }

  test('plays a conversation again, and nobody listens (T15)', async () => {
    const ada = await victim();
    const heard: string[] = [];
    ada.on('peer', (peer) => peer.on('message', ({ text }) => heard.push(text)));
    const { port, said } = await listenerInBetween();
    const client = new DirectClient({ host: '127.0.0.1', port, name: 'bob' });
    const bob = new Messenger(await client.connect(), { messages: [Chat] });
    bob.send(new Chat({ text: 'once' }));
    await bob.flush({ timeoutMs: 5_000 });
    await bob.close();
    expect(heard).toEqual(['once']);
    const again = connect(tcpPort, '127.0.0.1');
    again.on('error', () => {}).resume();
    again.write(Buffer.concat(said));
    await once(again, 'close');
    await vi.waitUntil(() => warnings.length > 0, PATIENCE);
    expect([heard, ada.peers.size, codes()]).toEqual([['once'], 0, new Set(['ERR_HANDSHAKE'])]);
  });

  test('leads a program back to itself, which turns itself away (T23)', async () => {
    const transport = nodeTransport();
    const identity = transport.identify();
    const ada = await joined('ada', {
      tcpPort,
      transport: { ...transport, identify: () => identity },
    });
    const { port } = await listenerInBetween();
    const self = new DirectClient({
      host: '127.0.0.1',
      port,
      transport: { ...transport, identify: () => identity },
    });
    await expect(self.connect({ timeoutMs: 5_000 })).rejects.toMatchObject({ code: 'ERR_SELF' });
    expect(ada.peers.size).toBe(0);
  });
});

describe('a peer', () => {
  test('that says absurd numbers of itself sets none of our clocks, and ends nobody else (T25)', async () => {
    const ada = await victim();
    const bob = await joined('bob');
    await vi.waitUntil(() => ada.peers.has(bob.id) && bob.peers.has(ada.id), PATIENCE);
    const troubles: string[] = [];
    bob.peers.get(ada.id)?.on('close', ({ code }) => troubles.push(code));
    const seen: string[] = [];
    ada.on('peer', ({ info }) => seen.push(info.id));
    for (const n of [0, 1, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      const raw = await RawPeer.dial(tcpPort);
      const grants = { grantedMessages: n, grantedBytes: n, maxMessageBytes: n };
      await raw.open({ round: Math.min(n, 2 ** 31 - 1) }, grants);
      expect(seen, `with ${n}`).toContain(raw.id);
      ada.broadcast(new Chat({ text: `to whoever takes ${n}` }));
      raw.destroy();
    }
    const coming = new Promise((resolve) => ada.peers.get(bob.id)?.once('message', resolve));
    bob.broadcast(new Chat({ text: 'still' }));
    expect(await coming).toMatchObject({ text: 'still' });
    expect(troubles).toEqual([]);
  });
});

describe('listeners of the program', () => {
  test('may all throw, always: ten thousand messages pass, and each throw is a warning (T24)', async () => {
    const ada = await victim();
    const bob = await joined('bob');
    let thrown = 0;
    const fail = (): never => {
      thrown++;
      throw new Error('a mistake of the program');
    };
    let heard = 0;
    const done = new Promise<void>((resolve) => {
      ada.on('peer', (peer) => {
        for (const event of ['close', 'suspect', 'resume', 'drain', 'verify'] as const)
          peer.on(event, fail);
        peer.on('message', () => {
          if (++heard === 10_000) resolve();
          fail();
        });
      });
    });
    ada.on('peer', fail).on('close', fail);
    const toAda = await bob.firstPeer();
    for (let n = 0; n < 10_000; n++) toAda.send(new Chat({ text: String(n) }));
    await done;
    expect([heard, thrown]).toEqual([10_000, 10_001]);
    expect(codes()).toEqual(new Set(['ERR_LISTENER']));
    expect(warnings).toHaveLength(thrown);
  });
});
