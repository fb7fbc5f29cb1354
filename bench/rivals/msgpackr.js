import { Packr, Unpackr } from 'msgpackr';
import { dialTo, lineOver, listenOnce } from '../dist/contenders/net-line.js';
import { Frames, putHeader, HEADER_BYTES } from '../dist/contenders/frames.js';
import { Batch } from '../dist/contenders/batch.js';

/** Both ends know the record's structure beforehand, which is its fastest mode. */
const OPTIONS = {
  structures: [['sequence', 'x', 'y', 'heading', 'health', 'name']],
};

export const msgpackr = {
  about: 'msgpackr with shared structures, framed over node:net, joined per turn',
  listen: (accept) => listenOnce((socket) => use(socket, accept)),
  dial: (port, accept) => dialTo(port, (socket) => use(socket, accept)),
};

function use(socket, accept) {
  const packr = new Packr(structuredClone(OPTIONS));
  const unpackr = new Unpackr(structuredClone(OPTIONS));
  const batch = new Batch(socket);
  const receive = accept({
    send(state) {
      const bytes = packr.pack(state);
      batch.reserve(HEADER_BYTES + bytes.length);
      const at = putHeader(batch.bytes, batch.length, bytes.length);
      batch.bytes.set(bytes, at);
      batch.length = at + bytes.length;
      return batch.isRoomy;
    },
    ...lineOver(socket),
  });
  const frames = new Frames((bytes, start, end) => {
    receive(unpackr.unpack(bytes.subarray(start, end)), 0, 0);
  });
  socket.on('data', (chunk) => frames.push(chunk));
  socket.on('error', () => socket.destroy());
}
