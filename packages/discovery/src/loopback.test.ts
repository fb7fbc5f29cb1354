import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { nodeTransport } from '@cablecar/transport';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DirectClient } from './direct-client.ts';
import { DirectServer } from './direct-server.ts';
import type { ConnectorOptions } from './options.ts';
import { Listening } from '../../../test/support/discovery/listening.ts';
import { TestPeer } from '../../../test/support/discovery/test-peer.ts';

// Real sockets, on this machine alone. Every test has a service of its own, so that all may share the beacons' port.
const UDP_PORT = 18_999;
let service = '';
let peers: TestPeer[] = [];

function peer(options: ConnectorOptions = {}): TestPeer {
  const settings = { service, udpPort: UDP_PORT, interfaces: 'loopback' } as const;
  const made = new TestPeer(nodeTransport(), { ...settings, ...options });
  peers.push(made);
  return made;
}

async function start(...some: readonly TestPeer[]): Promise<void> {
  await Promise.all(some.map(({ connector }) => connector.start()));
}

async function stopAll(): Promise<void> {
  await Promise.all(peers.map(({ connector }) => connector.stop()));
  for (const each of peers) each.destroyLinks();
  await until(() => peers.every(({ connector }) => connector.links.size === 0));
  peers = [];
}

/** Waits for a condition as long as the test may last. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

function isMesh(some: readonly TestPeer[]): boolean {
  return some.every(({ connector }) => connector.links.size === some.length - 1);
}

/** The sockets and timers of this process. */
function handles(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => /TCP|UDP|Timeout|Immediate/.test(kind));
}

beforeEach(({ task }) => {
  service = `${process.pid} ${task.id}`;
});

afterEach(stopAll);

describe('programs on one machine', () => {
  test('meet, and have a connection with one another', async () => {
    const [ada, bob] = [peer({ name: 'Ada' }), peer({ name: 'Bob', metadata: { level: 3 } })];
    await start(ada, bob);
    await until(() => isMesh([ada, bob]));
    expect(ada.peers[0]?.peer).toMatchObject({ name: 'Bob', metadata: { level: 3 } });
    expect(ada.connector.addresses()).toEqual(['127.0.0.1']);
    const heard = new Listening(bob.peers[0]!);
    ada.peers[0]!.write([Buffer.from('hello')]);
    await until(() => heard.received === 'hello');
  });

  test('form a mesh of ten, each pair with exactly one link', async () => {
    const ten = Array.from({ length: 10 }, () => peer());
    await start(...ten);
    await until(() => isMesh(ten));
    for (const { peers: met, lost, codes } of ten) {
      expect([new Set(met.map((link) => link.peer.id)).size, met.length]).toEqual([9, 9]);
      expect([lost, codes]).toEqual([[], []]);
    }
  });

  test(
    'have one link however often they dial each other at once',
    { timeout: 60_000 },
    async () => {
      for (let round = 0; round < 100; round++) {
        service = `${process.pid} ${round}`;
        const both = [peer({ headStartMs: 0 }), peer({ headStartMs: 0 })];
        await start(...both);
        await until(() => isMesh(both));
        for (let n = 0; n < 20; n++) await turn();
        for (const { peers: met, lost, codes } of both) {
          expect([met.length, lost.length, codes]).toEqual([1, 0, []]);
        }
        const [one, other] = both.map(({ peers: [link] }) => link!);
        expect([one!.local, one!.remote]).toEqual([other!.remote, other!.local]);
        await stopAll();
      }
    },
  );

  test('leave nothing behind, two hundred times', { timeout: 60_000 }, async () => {
    const before = handles();
    for (let round = 0; round < 200; round++) {
      const one = peer();
      await start(one);
      if (round % 2 === 0) await turn();
      await stopAll();
    }
    for (let n = 0; n < 5; n++) await turn();
    expect(handles().length).toBeLessThanOrEqual(before.length);
  });

  test('that end their links meet again when one of them returns', async () => {
    const [ada, bob] = [peer(), peer()];
    await start(ada, bob);
    await until(() => isMesh([ada, bob]));
    await bob.connector.stop();
    bob.destroyLinks();
    await until(() => ada.lost.length === 1);
    await start(bob);
    await until(() => ada.peers.length === 2 && bob.peers.length === 2);
  });

  test('are not disturbed by who is no program of theirs', async () => {
    const [ada, bob] = [peer(), peer()];
    await start(ada, bob);
    await until(() => isMesh([ada, bob]));
    const browser = connect(ada.connector.tcpPort!, '127.0.0.1');
    let closed = false;
    browser
      .resume()
      .on('close', () => (closed = true))
      .on('error', () => {});
    browser.write(`GET / HTTP/1.1\r\nHost: localhost\r\n${'X-Filler: x\r\n'.repeat(10)}\r\n`);
    await until(() => closed);
    expect([ada.codes, bob.codes, ada.lost, bob.lost]).toEqual([['ERR_SECURITY_MODE'], [], [], []]);
  });

  test('in one-to-one mode have one link, and stop', async () => {
    const four = Array.from({ length: 4 }, () => peer({ once: true }));
    await start(...four);
    await until(() => four.every(({ closes }) => closes === 1));
    for (const { peers: met, lost } of four) expect([met.length, lost.length]).toEqual([1, 0]);
  });
});

describe('a direct connection', () => {
  test.each(['127.0.0.1', '::1', 'localhost'])('is made to %s', async (host) => {
    const port = 19_000 + (process.pid % 1000);
    const [link, other] = await Promise.all([
      new DirectClient({ host, port, name: 'Ada' }).connect({ timeoutMs: 5000 }),
      new DirectServer({ port, name: 'Bob' }).connect({ timeoutMs: 5000 }),
    ]);
    expect([link.peer.name, other.peer.name]).toEqual(['Bob', 'Ada']);
    link.destroy();
    other.destroy();
  });

  test('is not made to a name that nobody has', async () => {
    const client = new DirectClient({ host: 'nobody.invalid', port: 9 });
    await expect(client.connect({ timeoutMs: 300 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
  });
});
