import { describe, expect, test } from 'vitest';
import type { Scene } from './transport-world.ts';

export function describeDialling(scene: Scene): void {
  describe('dialling and listening', () => {
    test('both ends agree on their endpoints', async () => {
      const { near, far, listener } = await scene.connect();
      expect(listener.port).toBeGreaterThan(0);
      expect(near.remote).toEqual({ host: scene.hosts[1].address, port: listener.port });
      expect(far.local).toEqual(near.remote);
      expect(far.remote).toEqual(near.local);
      expect(near.local.host).toBe(scene.hosts[0].address);
    });

    test('where nobody listens, the dial is refused', async () => {
      const { listener, endpoint } = await scene.listen(scene.hosts[1], () => {});
      await scene.run(listener.close());
      await expect(
        scene.run(scene.hosts[0].transport.dial(endpoint, { timeoutMs: 5000 })),
      ).rejects.toMatchObject({ code: 'ERR_CONNECTION_REFUSED', origin: 'system' });
    });

    test('a port that is taken is refused to a second listener of the host', async () => {
      const [{ transport, interfaces }] = scene.hosts;
      const { listener } = await scene.listen(scene.hosts[0], () => {});
      await expect(
        scene.run(transport.listen({ port: listener.port, interfaces, onConnection: () => {} })),
      ).rejects.toMatchObject({ code: 'ERR_PORT_IN_USE' });
    });

    test('a closed listener accepts no more; what it accepted stays; closing again does no harm', async () => {
      const { near, nearEnd, far, farEnd } = await scene.connectAndAttach();
      const { listener, endpoint } = await scene.listen(scene.hosts[1], () => {});
      await scene.run(listener.close());
      await scene.run(listener.close());
      await expect(scene.run(scene.hosts[0].transport.dial(endpoint))).rejects.toMatchObject({
        code: 'ERR_CONNECTION_REFUSED',
      });
      near.write([Uint8Array.of(1)]);
      far.write([Uint8Array.of(2)]);
      await scene.run(farEnd.until(() => farEnd.byteLength === 1));
      await scene.run(nearEnd.until(() => nearEnd.byteLength === 1));
    });

    test('a dial that nobody answers gives up after its timeout', async () => {
      const { transport } = scene.hosts[0];
      const silent = await scene.world.silent();
      const start = transport.clock.now();
      await expect(scene.run(transport.dial(silent, { timeoutMs: 50 }))).rejects.toMatchObject({
        code: 'ERR_TIMEOUT',
      });
      expect(transport.clock.now() - start).toBeGreaterThanOrEqual(50);
    });

    test('a dial is given up with the reason of its signal, also when it was aborted before', async () => {
      const { transport } = scene.hosts[0];
      const silent = await scene.world.silent();
      const controller = new AbortController();
      const dialling = transport.dial(silent, { signal: controller.signal });
      const reason = new Error('changed my mind');
      controller.abort(reason);
      await expect(scene.run(dialling)).rejects.toBe(reason);
      await expect(scene.run(transport.dial(silent, { signal: controller.signal }))).rejects.toBe(
        reason,
      );
    });

    test('aborting after the dial has succeeded changes nothing', async () => {
      const controller = new AbortController();
      let received = 0;
      const { endpoint } = await scene.listen(scene.hosts[1], (connection) => {
        connection.attach({
          onChunk: (chunk) => {
            received += chunk.length;
            connection.end();
          },
          onDrain: () => {},
          onEnd: () => {},
          onClose: () => {},
        });
      });
      const { signal } = controller;
      const { transport } = scene.hosts[0];
      const connection = await scene.run(transport.dial(endpoint, { signal, timeoutMs: 1000 }));
      controller.abort();
      connection.write([Uint8Array.of(1)]);
      await scene.run(
        new Promise<void>((resolve) => {
          connection.attach({
            onChunk: () => {},
            onDrain: () => {},
            onEnd: resolve,
            onClose: () => {},
          });
        }),
      );
      expect(received).toBe(1);
      connection.destroy();
    });
  });
}
