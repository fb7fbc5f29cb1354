import { createServer } from 'node:http';
import { once } from 'node:events';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import * as msgpackParser from 'socket.io-msgpack-parser';

// As its page on performance advises: bufferutil installed, WebSocket at once, and a binary parser for binary messages.
const HIGH_WATER_MESSAGES = 4_096;

function contender({ about, isBinary }) {
  const parser = isBinary ? { parser: msgpackParser.default ?? msgpackParser } : {};
  const use = (socket, accept) => {
    const engine = () => socket.conn ?? socket.io.engine;
    const waiting = () => engine().writeBuffer.length;
    const receive = accept({
      send(message) {
        socket.emit('m', message);
        return waiting() < HIGH_WATER_MESSAGES;
      },
      async roomy() {
        while (waiting() >= HIGH_WATER_MESSAGES)
          await new Promise((go) => engine().once('drain', go));
        await new Promise(setImmediate);
      },
      close: () => socket.disconnect(true),
    });
    socket.on('m', (message) => receive(message, 0, message.length ?? 0));
  };
  return {
    about,
    keeps: true,
    async listen(accept) {
      const http = createServer();
      const server = new Server(http, {
        ...parser,
        transports: ['websocket'],
        perMessageDeflate: false,
        httpCompression: false,
        maxHttpBufferSize: 1e8,
      });
      server.once('connection', (socket) => use(socket, accept));
      http.listen(0, '127.0.0.1');
      await once(http, 'listening');
      return http.address().port;
    },
    async dial(port, accept) {
      const socket = io(`http://127.0.0.1:${port}`, {
        ...parser,
        transports: ['websocket'],
        perMessageDeflate: false,
        forceNew: true,
      });
      await new Promise((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      });
      use(socket, accept);
    },
  };
}

export const socketIo = contender({
  about: 'socket.io over WebSocket alone, with its msgpack parser and bufferutil',
  isBinary: true,
});

export const socketIoJson = contender({
  about: 'socket.io over WebSocket alone, objects as JSON by its default parser',
  isBinary: false,
});
