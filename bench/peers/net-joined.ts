import { connect, createServer } from 'node:net';
import { BURST, type BenchPeer } from './peer.ts';

/** As many bytes as the typed sample: a two-byte header, and 23 of payload. */
const PAYLOAD_BYTES = 23;
const FRAME_BYTES = PAYLOAD_BYTES + 2;

/** `node:net` with the same framing by hand: frames joined per turn, one Buffer a message at the receiver. */
export const netJoined: BenchPeer = {
  receive(count, onPort, onMessage) {
    return new Promise((resolve, reject) => {
      let received = 0;
      const server = createServer((socket) => {
        let rest: Buffer = Buffer.alloc(0);
        socket.setNoDelay(true);
        socket.on('data', (chunk: Buffer) => {
          const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
          let at = 0;
          while (at + FRAME_BYTES <= bytes.length) {
            const length = (bytes[at] as number) - 1;
            const message = bytes.subarray(at + 2, at + 2 + length);
            onMessage(message.readUInt32BE(0));
            received++;
            at += FRAME_BYTES;
          }
          rest = bytes.subarray(at);
          if (received < count) return;
          socket.end();
          server.close();
          resolve();
        });
        socket.on('error', reject);
      });
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        if (address !== null && typeof address === 'object') onPort(address.port);
      });
    });
  },

  async send(count, port) {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await new Promise((resolve) => socket.once('connect', resolve));
    for (let sequence = 0; sequence < count;) {
      const frames = Math.min(BURST, count - sequence);
      const batch = Buffer.allocUnsafe(frames * FRAME_BYTES);
      for (let at = 0; at < batch.length; at += FRAME_BYTES, sequence++) {
        batch[at] = PAYLOAD_BYTES + 1;
        batch[at + 1] = 16;
        batch.writeUInt32BE(sequence, at + 2);
        batch.fill(0x61, at + 6, at + FRAME_BYTES);
      }
      if (socket.write(batch)) await new Promise(setImmediate);
      else await new Promise((resolve) => socket.once('drain', resolve));
    }
    await new Promise<void>((resolve) => socket.end(resolve));
  },
};
