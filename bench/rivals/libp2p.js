import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { Frames, HEADER_BYTES, putHeader } from '../dist/contenders/frames.js';

// Node 20 lacks it, and libp2p cannot do without.
Promise.withResolvers ??= () => {
  let resolve, reject;
  const promise = new Promise((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
};
const { createLibp2p } = await import('libp2p');

const PROTOCOL = '/bench/1';
const BATCH_BYTES = 65_536;

/** One stream of a connection; messages of a turn joined, since a stream carries bytes. */
export const libp2p = {
  about: 'libp2p, TCP with noise and yamux, messages of a turn joined in one send',
  async listen(accept) {
    const node = await make(['/ip4/127.0.0.1/tcp/0']);
    await node.handle(PROTOCOL, (first, second) => use(first.stream ?? first, accept, second));
    return node.getMultiaddrs()[0].toString();
  },
  async dial(address, accept) {
    const node = await make([]);
    use(await node.dialProtocol(multiaddr(address), PROTOCOL), accept);
  },
};

/** A node that listens there, with what the documentation's own examples have. */
export function make(listen, more = {}) {
  return createLibp2p({
    addresses: { listen },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    ...more,
  });
}

function use(stream, accept) {
  let batch = Buffer.allocUnsafe(BATCH_BYTES);
  let length = 0;
  let isRoomy = true;
  const write = () => {
    if (length === 0) return;
    isRoomy = stream.send(batch.subarray(0, length));
    batch = Buffer.allocUnsafe(BATCH_BYTES);
    length = 0;
  };
  const receive = accept({
    send(message) {
      const needed = HEADER_BYTES + message.length;
      if (length + needed > batch.length) {
        write();
        if (needed > batch.length) batch = Buffer.allocUnsafe(needed);
      }
      const at = putHeader(batch, length, message.length);
      batch.set(message, at);
      length = at + message.length;
      return isRoomy;
    },
    flush: write,
    async roomy() {
      if (!isRoomy) await stream.onDrain();
      isRoomy = true;
    },
    close: () => stream.close(),
  });
  const frames = new Frames((bytes, start, end) => receive(bytes, start, end));
  stream.addEventListener('message', ({ data }) => {
    const bytes = data.subarray();
    frames.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  });
}
