import { describe, expect, test } from 'vitest';
import { bytes, type Scene } from './transport-world.ts';

export function describeDatagrams(scene: Scene): void {
  describe('datagrams', () => {
    test.each(['subnet', 'everywhere'] as const)(
      'a broadcast (%s) reaches everybody else, with its true source',
      async (reach) => {
        const [sender, second, third] = scene.hosts;
        const { port } = await scene.openDatagrams(sender);
        const others = [await scene.openDatagrams(second), await scene.openDatagrams(third)];
        port.broadcast(bytes('hello'), reach);
        for (const { recorder } of others) {
          await scene.run(recorder.until(() => recorder.heard('hello') !== undefined));
          expect(recorder.heard('hello')?.host).toBe(sender.address);
        }
      },
    );

    test('an answer to the source of a broadcast reaches the asker and nobody else', async () => {
      const [asking, answering, third] = scene.hosts;
      const asker = await scene.openDatagrams(asking);
      const answerer = await scene.openDatagrams(answering);
      const other = await scene.openDatagrams(third);
      asker.port.broadcast(bytes('who is there?'), 'subnet');
      await scene.run(answerer.recorder.until(() => answerer.recorder.datagrams.length > 0));
      const source = answerer.recorder.heard('who is there?');
      answerer.port.send(bytes('me'), source!);
      await scene.run(asker.recorder.until(() => asker.recorder.heard('me') !== undefined));
      expect(asker.recorder.heard('me')?.host).toBe(answering.address);
      expect(other.recorder.heard('me')).toBeUndefined();
      expect(answerer.recorder.heard('me')).toBeUndefined();
    });

    test('programs of one host share the port, and hear each other', async () => {
      const [host] = scene.hosts;
      const one = await scene.openDatagrams(host);
      const other = await scene.openDatagrams(host);
      one.port.broadcast(bytes('from one'), 'subnet');
      other.port.broadcast(bytes('from the other'), 'subnet');
      await scene.run(other.recorder.until(() => other.recorder.heard('from one') !== undefined));
      await scene.run(one.recorder.until(() => one.recorder.heard('from the other') !== undefined));
    });

    test('a port that is not shared is refused to a second program of the host', async () => {
      const [host] = scene.hosts;
      await scene.openDatagrams(host, { shared: false });
      await expect(scene.openDatagrams(host, { shared: false })).rejects.toMatchObject({
        code: 'ERR_PORT_IN_USE',
      });
    });

    test('the interfaces in use are known, and of the selection', async () => {
      const { port } = await scene.openDatagrams(scene.hosts[0]);
      expect(port.interfaces.map(({ address }) => address)).toContain(scene.hosts[0].address);
    });

    test('nothing that is sent to nowhere throws, and it harms nothing else', async () => {
      const [sender, listening] = scene.hosts;
      const { port } = await scene.openDatagrams(sender);
      const { recorder } = await scene.openDatagrams(listening);
      port.send(bytes('x'), { host: listening.address, port: 0 });
      port.send(bytes('x'), { host: listening.address, port: 9 });
      port.broadcast(bytes('still here'), 'subnet');
      await scene.run(recorder.until(() => recorder.heard('still here') !== undefined));
    });

    test('a closed port hears nothing, sends nothing, and may be closed again', async () => {
      const [closing, staying] = scene.hosts;
      const closed = await scene.openDatagrams(closing);
      const open = await scene.openDatagrams(staying);
      const witness = await scene.openDatagrams(scene.hosts[2]);
      await scene.run(closed.port.close());
      await scene.run(closed.port.close());
      closed.port.broadcast(bytes('from the dead'), 'subnet');
      closed.port.send(bytes('from the dead'), {
        host: staying.address,
        port: scene.world.udpPort,
      });
      open.port.broadcast(bytes('to the dead'), 'subnet');
      await scene.run(
        witness.recorder.until(() => witness.recorder.heard('to the dead') !== undefined),
      );
      expect(closed.recorder.datagrams).toEqual([]);
      expect(witness.recorder.heard('from the dead')).toBeUndefined();
    });
  });
}
