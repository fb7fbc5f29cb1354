import { once } from 'node:events';
import { WebSocket, WebSocketServer } from 'ws';

// As its README advises: bufferutil installed, compression off.
const OPTIONS = { perMessageDeflate: false };
/** What may wait in the socket before a sender is asked to wait. */
const HIGH_WATER_BYTES = 1_048_576;

function contender({ about, keeps = false, encode, decode, isCorked = false }) {
  const use = (socket, accept) => {
    const receive = accept({
      send(message) {
        if (isCorked && !socket._socket.writableCorked) socket._socket.cork();
        socket.send(encode(message), { binary: encode === same });
        return socket.bufferedAmount < HIGH_WATER_BYTES;
      },
      flush() {
        if (isCorked) while (socket._socket.writableCorked) socket._socket.uncork();
      },
      async roomy() {
        while (socket.bufferedAmount >= HIGH_WATER_BYTES / 2) {
          if (socket._socket.writableNeedDrain) await once(socket._socket, 'drain');
          else await new Promise(setImmediate);
        }
      },
      close: () => socket.terminate(),
    });
    socket.on('message', (bytes) => {
      if (decode === undefined) receive(bytes, 0, bytes.length);
      else receive(decode(bytes), 0, 0);
    });
    socket.on('error', () => {});
  };
  return {
    about,
    keeps,
    async listen(accept) {
      const server = new WebSocketServer({ ...OPTIONS, host: '127.0.0.1', port: 0 });
      server.once('connection', (socket) => {
        server.close();
        use(socket, accept);
      });
      await once(server, 'listening');
      return server.address().port;
    },
    async dial(port, accept) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`, OPTIONS);
      await once(socket, 'open');
      use(socket, accept);
    },
  };
}

const same = (bytes) => bytes;

export const ws = contender({
  about: 'ws with bufferutil, no compression, binary frames',
  keeps: true,
  encode: same,
});

export const wsCorked = contender({
  about: 'ws with bufferutil, no compression, the socket beneath corked during a turn',
  keeps: true,
  encode: same,
  isCorked: true,
});

export const wsJson = contender({
  about: 'ws with bufferutil, no compression, JSON texts',
  encode: JSON.stringify,
  decode: (bytes) => JSON.parse(bytes.toString()),
});
