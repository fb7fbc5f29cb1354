import { createServer } from 'node:net';
import { byteMessage, DirectClient, DirectServer, Messenger } from 'cablecar';
import { BURST, type BenchPeer } from './peer.ts';

class Sample extends byteMessage(0x10, {
  sequence: 'u32',
  x: 'f32',
  y: 'f32',
  heading: 'u16',
  name: 'string',
}) {}

const messages = [Sample] as const;

/** Typed objects in, instances of their class out, by `'message'`; sessions, credit and heartbeats on. */
export const cablecarByte: BenchPeer = {
  async receive(count, onPort, onMessage) {
    const port = await freePort();
    const linking = new DirectServer({ port, interfaces: 'loopback' }).connect({
      timeoutMs: 20_000,
    });
    onPort(port);
    const messenger = new Messenger(await linking, { messages });
    let received = 0;
    await new Promise<void>((resolve) => {
      messenger.on('message', ({ sequence }) => {
        onMessage(sequence);
        if (++received === count) resolve();
      });
    });
    await messenger.close();
  },

  async send(count, port) {
    const client = new DirectClient({ host: '127.0.0.1', port });
    const messenger = new Messenger(await client.connect({ timeoutMs: 20_000 }), { messages });
    for (let sequence = 0; sequence < count;) {
      let roomy = true;
      const end = Math.min(count, sequence + BURST);
      for (; sequence < end; sequence++) {
        roomy = messenger.send(
          new Sample({ sequence, x: 1.5, y: -2.5, heading: sequence & 0xffff, name: 'ada12345' }),
        );
      }
      if (roomy) await new Promise(setImmediate);
      else await new Promise<void>((resolve) => messenger.once('drain', resolve));
    }
    await messenger.flush({ timeoutMs: 60_000 });
    await messenger.close();
  },
};

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
