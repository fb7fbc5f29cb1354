import { getEventListeners, once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Connection, InterfaceSelection, Listener } from '@cablecar/core-protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConnectionRecorder } from '../../../test/compliance/recorders.ts';
import { dialTcp } from './tcp-dialer.ts';
import { listenTcp } from './tcp-listener.ts';

describe('dialling over TCP', () => {
  test.each(['127.0.0.1', '::1', 'localhost'])('%s is reached', async (host) => {
    const { listener, accepted } = await listen('all');
    const connection = await dialTcp({ host, port: listener.port });
    onTestFinished(() => connection.destroy());
    const far = await accepted();
    expect(far.local).toEqual(connection.remote);
    expect(far.remote).toEqual(connection.local);
  });

  test('an IPv4 address is written as such, though the listener is of both families', async () => {
    const { listener, accepted } = await listen('all');
    const connection = await dialTcp({ host: '127.0.0.1', port: listener.port });
    onTestFinished(() => connection.destroy());
    const { local, remote } = await accepted();
    expect([local.host, remote.host]).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  test('a host that no resolver knows is told apart', async () => {
    await expect(dialTcp({ host: 'not..a.name', port: 80 })).rejects.toMatchObject({
      code: 'ERR_HOST_UNKNOWN',
    });
  });

  test.each([-1, 65_536, 1.5, Number.NaN])('port %d is refused', async (port) => {
    const option = { code: 'ERR_OPTION', origin: 'local' };
    await expect(dialTcp({ host: '127.0.0.1', port })).rejects.toMatchObject(option);
    const listening = listenTcp({ port, interfaces: 'loopback', onConnection: () => {} });
    await expect(listening).rejects.toMatchObject(option);
  });

  test('leaves no listener on the signal, whether it succeeds or fails', async () => {
    const { listener } = await listen('loopback');
    const { signal } = new AbortController();
    const to = { host: '127.0.0.1', port: listener.port };
    const connection = await dialTcp(to, { signal, timeoutMs: 1000 });
    onTestFinished(() => connection.destroy());
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    await listener.close();
    await expect(dialTcp(to, { signal, timeoutMs: 1000 })).rejects.toThrow('ECONNREFUSED');
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('leaves no socket behind when it is given up', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const controller = new AbortController();
    const { port } = server.address() as AddressInfo;
    const dialling = dialTcp({ host: '127.0.0.1', port }, { signal: controller.signal });
    await new Promise<void>((resolve) => process.nextTick(resolve)); // the system connects meanwhile
    controller.abort();
    await expect(dialling).rejects.toBe(controller.signal.reason);
    const [far] = await accepted;
    await once(far.resume(), 'close');
  });
});

describe('listening over TCP', () => {
  test('on the loopback, IPv6 hears nobody', async () => {
    const { listener } = await listen('loopback');
    await expect(dialTcp({ host: '::1', port: listener.port })).rejects.toMatchObject({
      code: 'ERR_CONNECTION_REFUSED',
    });
  });

  test.each(['127.0.0.1', '127.0.0.2'])(
    'on one address alone, a connection to %s is welcome only there',
    async (host) => {
      const { listener, accepted, count } = await listen(['127.0.0.1']);
      const connection = await dialTcp({ host, port: listener.port });
      const recorder = new ConnectionRecorder();
      connection.attach(recorder);
      if (host === '127.0.0.1') {
        expect((await accepted()).local.host).toBe(host);
        connection.destroy();
      } else {
        await recorder.until(() => recorder.calls.length > 0);
        connection.end();
        await recorder.until(() => recorder.count('close') === 1);
        expect(count()).toBe(0);
      }
    },
  );
});

async function listen(interfaces: InterfaceSelection): Promise<{
  listener: Listener;
  accepted: () => Promise<Connection>;
  count: () => number;
}> {
  const connections: Connection[] = [];
  let arrived = (): void => {};
  const listener = await listenTcp({
    port: 0,
    interfaces,
    onConnection: (connection) => {
      connections.push(connection);
      arrived();
    },
  });
  onTestFinished(async () => {
    for (const connection of connections) connection.destroy();
    await listener.close();
  });
  const accepted = async (): Promise<Connection> => {
    if (connections.length === 0) await new Promise<void>((resolve) => (arrived = resolve));
    return connections[0]!;
  };
  return { listener, accepted, count: () => connections.length };
}
