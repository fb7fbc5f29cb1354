import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { Accept, Contender } from '../contender.ts';
import type { State } from '../payload.ts';
import { dialTo, lineOver, listenOnce } from './net-line.ts';

/** A line of JSON a message, those of a turn joined in one write: the usual way by hand. */
export const netJson: Contender<State> = {
  about: 'node:net, noDelay, a line of JSON per message, joined per turn',
  listen: (accept) => listenOnce((socket) => use(socket, accept)),
  dial: (port, accept) => dialTo(port, (socket) => use(socket, accept)),
};

function use(socket: Socket, accept: Accept<State>): void {
  let text = '';
  const receive = accept({
    send(state) {
      if (text === '') {
        process.nextTick(() => {
          socket.write(text);
          text = '';
        });
      }
      text += `${JSON.stringify(state)}\n`;
      return !socket.writableNeedDrain;
    },
    ...lineOver(socket),
  });
  const decoder = new StringDecoder('utf8');
  let rest = '';
  socket.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) receive(JSON.parse(line) as State, 0, 0);
  });
  socket.on('error', () => socket.destroy());
}
