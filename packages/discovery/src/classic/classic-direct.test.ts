import type { Connection, Link } from '@cablecar/core-protocol';
import { World } from '@cablecar/simulator';
import { beforeEach, describe, expect, test } from 'vitest';
import { ConnectionRecorder } from '../../../../test/compliance/recorders.ts';
import { DirectClient } from '../direct-client.ts';
import { DirectServer } from '../direct-server.ts';

const PORT = 8_223;
const wire = 'classic-json';

let world: World;
let near: ReturnType<World['host']>;
let far: ReturnType<World['host']>;

beforeEach(() => {
  world = new World({ seed: 1 });
  near = world.host('near');
  far = world.host('far');
});

function connect(): Promise<[Link, Link]> {
  const client = new DirectClient({ wire, host: 'far', port: PORT, transport: near.transport });
  const server = new DirectServer({ wire, port: PORT, transport: far.transport });
  return world.runUntil(Promise.all([client.connect(), server.connect()]));
}

describe('a direct connection on a classic wire', () => {
  test('is a link at once, and not a byte goes before the first message', async () => {
    const [toFar, toNear] = await connect();
    const [id] = far.addresses;
    const introduction = { id, name: id, epoch: '0000000000000000', metadata: {}, via: 'direct' };
    expect(toFar.peer).toMatchObject({ ...introduction, dialledBy: 'us' });
    expect(toNear.peer).toMatchObject({ id: near.addresses[0], dialledBy: 'them' });
    const heard = new ConnectionRecorder();
    toNear.attach(heard);
    toFar.write([Buffer.from('["Chat",{}]\n')]);
    await world.run({ forMs: 100 });
    expect(heard.text).toBe('["Chat",{}]\n');
    expect(world.openHandles().map(({ kind }) => kind)).toEqual(['connection', 'connection']);
  });

  test('takes the name that the peer tells later', async () => {
    const [toFar] = await connect();
    toFar.rename?.('ada@lab');
    expect(toFar.peer.name).toBe('ada@lab');
  });

  test('is destroyed so that a program notices which overlooks an end', async () => {
    const [toFar, toNear] = await connect();
    const told = new ConnectionRecorder();
    toNear.attach(told);
    toFar.destroy();
    await world.run({ forMs: 100 });
    expect(told.error?.code).toBe('ERR_CONNECTION_LOST');
    expect(world.openHandles()).toEqual([]);
  });

  test('is ended so that a program that never finishes does not keep it', async () => {
    const [toFar, toNear] = await connect();
    const told = new ConnectionRecorder();
    toNear.attach(new ConnectionRecorder());
    toFar.attach(told);
    toFar.end();
    await world.run({ forMs: 600 });
    expect(told.calls).toEqual(['close']);
  });

  test('is made with the first who comes; the next is turned away', async () => {
    const server = new DirectServer({ wire, port: PORT, transport: far.transport });
    const first = server.connect();
    const to = { host: 'far', port: PORT };
    const dials: Promise<Connection>[] = [near.transport.dial(to), near.transport.dial(to)];
    const settled = await world.runUntil(Promise.allSettled(dials));
    const connections = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    const ends = connections.map((connection) => {
      const end = new ConnectionRecorder();
      connection.attach(end);
      return end;
    });
    const link = await world.runUntil(first);
    await world.run({ forMs: 100 });
    expect(ends.filter(({ calls }) => calls.length === 0)).toHaveLength(1);
    expect(connections.map(({ local }) => local.port)).toContain(link.remote.port);
  });

  test('that comes too late is not waited for, and leaves nothing open', async () => {
    const server = new DirectServer({ wire, port: PORT, transport: far.transport });
    const late = server.connect({ timeoutMs: 1_000 }).catch((error: unknown) => error);
    expect(await world.runUntil(late)).toMatchObject({ code: 'ERR_TIMEOUT' });
    const client = new DirectClient({ wire, host: 'far', port: PORT, transport: near.transport });
    const vain = client.connect({ timeoutMs: 1_000 }).catch((error: unknown) => error);
    expect(await world.runUntil(vain)).toMatchObject({ code: 'ERR_TIMEOUT' });
    await world.run({ forMs: 100 });
    expect(world.openHandles()).toEqual([]);
  });
});
