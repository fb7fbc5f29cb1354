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
    const server = new DirectServer({ port: 0, interfaces: 'loopback' });
    server.on('listening', onPort);
    const messenger = new Messenger(await server.connect({ timeoutMs: 20_000 }), { messages });
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
    for (let sequence = 0; sequence < count; ) {
      let roomy = true;
      for (let end = Math.min(count, sequence + BURST); sequence < end; sequence++) {
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
