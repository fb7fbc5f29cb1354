import type { Socket } from 'node:net';
import type { Accept, Contender, Line, Receive } from '../contender.ts';
import { Batch } from './batch.ts';
import { Frames, HEADER_BYTES, putHeader } from './frames.ts';
import { dialTo, lineOver, listenAlways, listenOnce } from './net-line.ts';

/** How a socket of `node:net` is written and read. */
interface Ways {
  readonly about: string;
  readonly keeps?: boolean;
  /** Gives what sends one payload. */
  readonly sender: (socket: Socket) => (payload: Uint8Array) => boolean;
  /** Hands a frame on. */
  readonly take: (bytes: Buffer, start: number, end: number, receive: Receive<Uint8Array>) => void;
}

function netContender({ about, keeps = false, sender, take }: Ways): Contender<Uint8Array> {
  const use = (socket: Socket, accept: Accept<Uint8Array>): void => {
    const line: Line<Uint8Array> = { send: sender(socket), ...lineOver(socket) };
    const receive = accept(line);
    const frames = new Frames((bytes, start, end) => take(bytes, start, end, receive));
    socket.on('data', (chunk: Buffer) => frames.push(chunk));
    socket.on('error', () => socket.destroy());
  };
  return {
    about,
    keeps,
    listen: (accept) => listenOnce((socket) => use(socket, accept)),
    serve: (accept) => listenAlways((socket) => use(socket, accept)),
    dial: (port, accept) => dialTo(port, (socket) => use(socket, accept)),
  };
}

function joined(socket: Socket): (payload: Uint8Array) => boolean {
  const batch = new Batch(socket);
  return (payload) => {
    const { length } = payload;
    batch.reserve(HEADER_BYTES + length);
    const at = putHeader(batch.bytes, batch.length, length);
    batch.bytes.set(payload, at);
    batch.length = at + length;
    return batch.isRoomy;
  };
}

const asBuffer: Ways['take'] = (bytes, start, end, receive) =>
  receive(bytes.subarray(start, end), 0, end - start);

/** One write per message. */
export const netEach: Contender<Uint8Array> = netContender({
  about: 'node:net, noDelay, one write per message, a Buffer each at the receiver',
  keeps: true,
  sender: (socket) => (payload) => {
    const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
    const at = putHeader(frame, 0, payload.length);
    frame.set(payload, at);
    return socket.write(frame.subarray(0, at + payload.length));
  },
  take: asBuffer,
});

/** The measure for all others: what a careful program does with `node:net` by hand. */
export const netJoined: Contender<Uint8Array> = netContender({
  about: 'node:net, noDelay, messages of a turn joined in one write, a Buffer each at the receiver',
  sender: joined,
  take: asBuffer,
});

/** The practical limit: nothing is made for a message at the receiver. */
export const netInPlace: Contender<Uint8Array> = netContender({
  about: 'node:net, noDelay, joined per turn, read in place without a Buffer per message',
  sender: joined,
  take: (bytes, start, end, receive) => receive(bytes, start, end),
});
