import {
  encodeGreeting,
  FRAME,
  type Link,
  type Note,
  type Observer,
  type Transport,
} from '@cablecar/core-protocol';
import { World } from '@cablecar/simulator';
import { beforeEach, describe, expect, test } from 'vitest';
import { BroadcastConnector } from './broadcast-connector.ts';
import { DirectClient } from './direct-client.ts';
import { DirectServer } from './direct-server.ts';
import { frameOf } from '../../../test/support/discovery/frame-of.ts';
import { Listening } from '../../../test/support/discovery/listening.ts';

const PORT = 8223;

let world: World;
let near: Transport;
let far: Transport;
let address: string;

beforeEach(() => {
  world = new World({ seed: 1 });
  near = world.host('near').transport;
  const host = world.host('far');
  far = host.transport;
  [address] = host.addresses as [string];
});

function client(options: object = {}): DirectClient {
  return new DirectClient({ host: address, port: PORT, transport: near, name: 'Ada', ...options });
}

function server(options: object = {}): DirectServer {
  return new DirectServer({ port: PORT, transport: far, name: 'Bob', ...options });
}

/** Both ends of a link, once both have it. */
async function connect(
  one: DirectClient = client(),
  other: DirectServer = server(),
): Promise<[Link, Link]> {
  return world.runUntil(Promise.all([one.connect(), other.connect()]));
}

describe('a direct connection', () => {
  test('gives each end a link, and leaves nothing else open', async () => {
    const [toFar, toNear] = await connect();
    expect(toFar.peer).toMatchObject({ name: 'Bob', dialledBy: 'us', via: 'direct' });
    expect(toNear.peer).toMatchObject({ name: 'Ada', dialledBy: 'them', via: 'direct' });
    expect(world.openHandles().map(({ kind }) => kind)).toEqual(['connection', 'connection']);
    const heard = new Listening(toNear);
    toFar.write([Buffer.from('hello')]);
    toFar.end();
    await world.run({ forMs: 10 });
    toNear.end();
    await world.run({ forMs: 10 });
    expect([heard.received, heard.told]).toEqual(['hello', ['end', 'close undefined']]);
    expect(world.openHandles()).toEqual([]);
  });

  test('is told to the observers of both ends, with the dials that nobody answered', async () => {
    const noted: Record<'near' | 'far', Note[]> = { near: [], far: [] };
    const observerOf = (end: 'near' | 'far'): Observer => ({ note: (it) => noted[end].push(it) });
    const connecting = client({ observer: observerOf('near') }).connect();
    await world.run({ forMs: 10 }); // nobody listens yet
    const serving = server({ observer: observerOf('far') }).connect();
    await world.runUntil(Promise.all([connecting, serving]));
    const kinds = noted.near.map(({ kind }) => kind);
    expect(kinds.slice(0, 2)).toEqual(['dial', 'dial-failed']);
    expect(kinds.slice(-2)).toEqual(['dial', 'peer']);
    expect(noted.near[1]).toMatchObject({
      endpoint: { host: address, port: PORT },
      error: { code: 'ERR_CONNECTION_REFUSED' },
    });
    expect(noted.far).toMatchObject([{ kind: 'peer', peer: { name: 'Ada' } }]);
  });

  test.each(['client', 'server'])('does not mind that the %s begins first', async (first) => {
    const begin = {
      client: () => client().connect({ timeoutMs: 10_000 }),
      server: () => server().connect({ timeoutMs: 10_000 }),
    };
    const one = begin[first as keyof typeof begin]();
    await world.run({ forMs: 4000 });
    const other = begin[first === 'client' ? 'server' : 'client']();
    const since = world.now;
    await world.runUntil(Promise.all([one, other]));
    expect(world.now - since).toBeLessThan(1100);
  });

  test('reaches anybody who listens for peers', async () => {
    const connector = new BroadcastConnector({ transport: far, tcpPort: PORT });
    const met: Link[] = [];
    connector.on('peer', (link) => met.push(link));
    await world.runUntil(connector.start());
    const link = await world.runUntil(client().connect());
    await world.run({ forMs: 10 });
    expect(met.map(({ peer }) => peer.name)).toEqual(['Ada']);
    expect(link.peer.id).toBe(connector.id);
  });
});

describe('DirectClient', () => {
  test('gives up at its timeout, and says what stood in the way', async () => {
    const connecting = client().connect({ timeoutMs: 3000 });
    const error = await world.runUntil(connecting.catch((reason: unknown) => reason));
    expect(error).toMatchObject({ code: 'ERR_TIMEOUT', cause: { code: 'ERR_CONNECTION_REFUSED' } });
    expect(world.now).toBeCloseTo(3000, -1);
    await world.run({ forMs: 10 });
    expect(world.openHandles()).toEqual([]);
  });

  test('gives up at once where the other program is of another service', async () => {
    const connecting = client({ service: 'go' }).connect();
    const serving = server({ service: 'chess' }).connect({ timeoutMs: 2000 });
    const [one, other] = await world.runUntil(Promise.allSettled([connecting, serving]));
    expect(one).toMatchObject({ reason: { code: 'ERR_SERVICE_MISMATCH' } });
    expect(other).toMatchObject({
      reason: { code: 'ERR_TIMEOUT', cause: { code: 'ERR_SERVICE_MISMATCH' } },
    });
    expect(world.openHandles()).toEqual([]);
  });

  test('goes on trying where somebody answers who is no peer', async () => {
    const listener = await world.runUntil(
      far.listen({ port: PORT, interfaces: 'all', onConnection: (it) => it.destroy() }),
    );
    const connecting = client().connect();
    await world.run({ forMs: 3000 });
    await world.runUntil(listener.close());
    await world.runUntil(Promise.all([connecting, server().connect()]));
  });

  test.each([
    ['dials', 0],
    ['waits for an answer', 100],
    ['pauses', 20],
  ])(
    'rejects with the reason of its signal while it %s, and leaves nothing open',
    async (what, at) => {
      if (what === 'waits for an answer') {
        await world.runUntil(far.listen({ port: PORT, interfaces: 'all', onConnection: () => {} }));
      }
      const abort = new AbortController();
      const connecting = client().connect({ signal: abort.signal });
      await world.run({ forMs: at });
      abort.abort(new Error('enough'));
      await expect(world.runUntil(connecting)).rejects.toThrow('enough');
      await world.run({ forMs: 100 });
      expect(world.hosts[0]!.openHandles()).toEqual([]);
    },
  );

  test('does not begin where its signal was aborted before', async () => {
    const signal = AbortSignal.abort(new Error('never'));
    await expect(client().connect({ signal })).rejects.toThrow('never');
    await expect(server().connect({ signal })).rejects.toThrow('never');
    expect(world.openHandles()).toEqual([]);
  });

  test.each([
    [{ host: '' }, 'host is , expected a name or address'],
    [{ port: 0 }, 'port is 0, expected'],
    [{ port: 65_536 }, 'port is 65536, expected'],
  ])('cannot have %j', (options, message) => {
    expect(() => client(options)).toThrow(message);
  });
});

describe('DirectServer', () => {
  test('takes one peer and turns away the others', async () => {
    const serving = server().connect();
    const connecting = Array.from({ length: 5 }, (_, n) =>
      client({ transport: world.host(`client${n}`).transport }).connect({ timeoutMs: 2000 }),
    );
    const link = await world.runUntil(serving);
    const settled = await world.runUntil(Promise.allSettled(connecting));
    const links = settled.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : []));
    expect(links.map(({ local }) => local)).toEqual([link.remote]);
  });

  test('does not mind strangers', async () => {
    const serving = server().connect();
    for (const bytes of ['GET / HTTP/1.1\r\n'.repeat(10), '', '\0\0\0']) {
      const stranger = await world.runUntil(near.dial({ host: address, port: PORT }));
      stranger.write([Buffer.from(bytes)]);
    }
    // One that is welcomed, and never confirms.
    const mute = await world.runUntil(near.dial({ host: address, port: PORT }));
    const greeting = {
      service: 'default',
      id: 'a'.repeat(32),
      epoch: 'b'.repeat(16),
      round: 0,
      link: 0,
      name: 'mute',
      metadata: {},
    };
    mute.write([frameOf(FRAME.HELLO, encodeGreeting(greeting))]);
    await world.run({ forMs: 100 });
    await world.runUntil(Promise.all([serving, client().connect()]), { withinMs: 4000 });
  });

  test('rejects where the port is taken', async () => {
    await world.runUntil(far.listen({ port: PORT, interfaces: 'all', onConnection: () => {} }));
    await expect(world.runUntil(server().connect())).rejects.toThrow('ERR_PORT_IN_USE');
  });

  test('gives up at its timeout, and by its signal, and leaves nothing open', async () => {
    await expect(world.runUntil(server().connect({ timeoutMs: 50 }))).rejects.toThrow(
      'ERR_TIMEOUT',
    );
    const abort = new AbortController();
    const serving = server().connect({ signal: abort.signal });
    await world.run({ forMs: 10 });
    abort.abort(new Error('enough'));
    await expect(world.runUntil(serving)).rejects.toThrow('enough');
    expect(world.openHandles()).toEqual([]);
  });
});
