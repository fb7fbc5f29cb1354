import {
  CableCarError,
  type Connection,
  type ConnectionHandlers,
  type PeerInfo,
} from '@cablecar/core-protocol';
import { World } from '@cablecar/simulator';
import { beforeEach, describe, expect, test } from 'vitest';
import { Listening } from '../../../../test/support/discovery/listening.ts';
import { ConnectionLink } from './connection-link.ts';

const NOTHING = new Uint8Array();
const PEER: PeerInfo = {
  id: '1'.repeat(32),
  epoch: '1'.repeat(16),
  name: 'Ada',
  metadata: {},
  endpoint: { host: '10.1.0.1', port: 1 },
  dialledBy: 'us',
  via: 'broadcast',
};

let world: World;
let closed: [parted: boolean, code: string | undefined][];

/** Both ends of a new connection. */
async function connect(): Promise<[near: Connection, far: Connection]> {
  const [one, other] = world.hosts;
  let far: Connection | undefined;
  const listener = await world.runUntil(
    other!.transport.listen({ port: 0, interfaces: 'all', onConnection: (it) => (far = it) }),
  );
  const to = { host: other!.addresses[0]!, port: listener.port };
  const near = await world.runUntil(one!.transport.dial(to));
  await world.runUntil(() => far !== undefined);
  await world.runUntil(listener.close());
  return [near, far!];
}

function linkOver(
  connection: Connection,
  rest: Uint8Array = NOTHING,
  resumable = false,
): ConnectionLink {
  const { clock, random } = world.hosts[0]!.transport;
  return new ConnectionLink({
    connection,
    peer: PEER,
    ownId: undefined,
    clock,
    random,
    rest,
    ...(resumable ? { onDown: () => {} } : {}),
    onClosed: (parted, error) => closed.push([parted, error?.code]),
  });
}

const DEAF: ConnectionHandlers = { onChunk() {}, onDrain() {}, onEnd() {}, onClose() {} };

beforeEach(() => {
  world = new World({ seed: 1 });
  world.host('near');
  world.host('far');
  closed = [];
});

describe('a link to which nobody has attached', () => {
  test('keeps what comes for the first listener, in order, after attach() has returned', async () => {
    const [near, far] = await connect();
    const link = linkOver(near, Buffer.from('be'));
    far.write([Buffer.from('hi')]);
    await world.run({ forMs: 10 });
    const listening = new Listening(link);
    far.write([Buffer.from('nd')]);
    expect(listening.received).toBe('');
    await world.run({ forMs: 10 });
    expect(listening.received).toBe('behind');
  });

  test('keeps little, and lets the network hold the rest', async () => {
    const [near, far] = await connect();
    const link = linkOver(near);
    far.attach(DEAF);
    for (let n = 0; n < 40; n++) far.write([Buffer.alloc(16_384)]);
    await world.run({ forMs: 1000 });
    expect(far.bufferedBytes).toBeGreaterThan(100_000);
    const listening = new Listening(link);
    await world.run({ forMs: 1000 });
    expect(listening.received).toHaveLength(40 * 16_384);
  });

  test('notices that the other end has gone', async () => {
    const [near, far] = await connect();
    const link = linkOver(near);
    far.write([Buffer.from('bye')]);
    far.end();
    await world.run({ forMs: 10 });
    expect(closed).toEqual([[false, undefined]]);
    const listening = new Listening(link);
    await world.run({ forMs: 10 });
    expect([listening.received, listening.told]).toEqual(['bye', ['close undefined']]);
  });

  test('notices that its connection broke', async () => {
    const [near] = await connect();
    linkOver(near);
    world.cutConnections();
    await world.run({ forMs: 10 });
    expect(closed).toEqual([[false, 'ERR_CONNECTION_LOST']]);
  });
});

describe('a listener', () => {
  test('hears the end of the other side, and then the close', async () => {
    const [near, far] = await connect();
    const link = linkOver(near);
    const listening = new Listening(link);
    far.end();
    await world.run({ forMs: 10 });
    link.end();
    await world.run({ forMs: 10 });
    expect(listening.told).toEqual(['end', 'close undefined']);
    expect(closed).toEqual([[true, undefined]]);
  });

  test('that pauses before it has read what came early gets it when it resumes', async () => {
    const [near, far] = await connect();
    const link = linkOver(near, Buffer.from('early '));
    const listening = new Listening(link);
    link.pause();
    far.write([Buffer.from('late')]);
    await world.run({ forMs: 10 });
    expect(listening.received).toBe('');
    link.resume();
    await world.run({ forMs: 10 });
    expect(listening.received).toBe('early late');
  });

  test('hears why its link gave way to another', async () => {
    const [near] = await connect();
    const link = linkOver(near);
    const listening = new Listening(link);
    link.displace(new CableCarError('ERR_CONNECTION_LOST', 'another came'));
    await world.run({ forMs: 10 });
    expect(listening.told).toEqual(['close ERR_CONNECTION_LOST']);
    expect(closed).toEqual([[false, 'ERR_CONNECTION_LOST']]);
  });
});

describe('a resumable link', () => {
  test('goes down and up where its listener wants that, and is given what came behind the handshake', async () => {
    const [near] = await connect();
    const link = linkOver(near, NOTHING, true);
    const listening = new Listening(link);
    world.cutConnections();
    await world.run({ forMs: 10 });
    expect([listening.told, link.isDown, closed]).toEqual([['down'], true, []]);
    const [again, far] = await connect();
    link.adopt(again, Buffer.from('rest '), { ...PEER, name: 'Ada II' });
    far.write([Buffer.from('more')]);
    await world.run({ forMs: 10 });
    expect([listening.told, listening.received]).toEqual([['down', 'up'], 'rest more']);
    expect([link.peer.name, link.remote]).toEqual(['Ada II', again.remote]);
  });

  test('takes a newer connection although it has not noticed that the old one is dead', async () => {
    const [near, far] = await connect();
    const link = linkOver(near, NOTHING, true);
    const listening = new Listening(link);
    const old = new Listening(linkOver(far));
    const [again] = await connect();
    link.adopt(again, NOTHING, PEER);
    await world.run({ forMs: 10 });
    expect(listening.told).toEqual(['down', 'up']);
    expect(old.told[0]).toBe('end');
  });

  test('closes where its listener knows no other connections', async () => {
    const [near] = await connect();
    const link = linkOver(near, NOTHING, true);
    const told: unknown[] = [];
    link.attach({ ...DEAF, onClose: (error) => told.push(error?.code) });
    expect(link.goesOn).toBe(false);
    world.cutConnections();
    await world.run({ forMs: 10 });
    expect(told).toEqual(['ERR_CONNECTION_LOST']);
  });

  test('takes no other connection when its listener gives up at the loss of the one before', async () => {
    const [near] = await connect();
    const link = linkOver(near, NOTHING, true);
    const told: string[] = [];
    link.attach({
      ...DEAF,
      onDown: () => link.destroy(),
      onUp: () => told.push('up'),
      onClose: () => told.push('close'),
    });
    const [again] = await connect();
    expect(link.adopt(again, NOTHING, PEER)).toBe(false);
    await world.run({ forMs: 10 });
    expect(told).toEqual(['close']);
    expect(world.hosts[0]!.openHandles()).toEqual([]);
  });

  test('tells its close once when it is destroyed while it is down', async () => {
    const [near] = await connect();
    const link = linkOver(near, NOTHING, true);
    const listening = new Listening(link);
    world.cutConnections();
    await world.run({ forMs: 10 });
    link.destroy();
    link.end();
    expect(listening.told).toEqual(['down']);
    await world.run({ forMs: 10 });
    expect(listening.told).toEqual(['down', 'close undefined']);
    expect(closed).toEqual([[false, undefined]]);
  });
});
