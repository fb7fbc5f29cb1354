import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Line } from '../contender.ts';

/** What to do with a connected socket: Nagle's algorithm is off. */
export type Use = (socket: Socket) => void;

/** Listens for one connection of `node:net` on the loopback. */
export function listenOnce(use: Use): Promise<number> {
  return listen((socket, server) => {
    server.close();
    use(socket);
  });
}

/** Listens for any number of them. */
export function listenAlways(use: Use): Promise<number> {
  return listen(use);
}

function listen(onSocket: (socket: Socket, server: Server) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true }, (socket) => onSocket(socket, server));
    server.on('error', reject);
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
}

/** Connects by `node:net`. */
export function dialTo(port: number, use: Use): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true }, () => {
      use(socket);
      resolve();
    });
    socket.on('error', reject);
  });
}

/** A port that is free at this moment, for those that cannot tell which one they got. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** The parts of a line that are the same for every use of a socket. */
export function lineOver(socket: Socket): Omit<Line, 'send'> {
  return {
    // Asked once what was sent in this turn has been written.
    roomy: () =>
      new Promise((resolve) => {
        setImmediate(() => {
          if (socket.writableNeedDrain) socket.once('drain', resolve);
          else resolve();
        });
      }),
    close: () => void socket.destroy(),
  };
}
