import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  formatEndpoint,
  type InterfaceSelection,
  type Listener,
  type ListenOptions,
} from '@cablecar/core-protocol';
import { enumerateInterfaces, selectInterfaces } from './interfaces.ts';
import { plainAddress } from './plain-address.ts';
import { requirePort } from './ports.ts';
import { streamConnection } from './stream-connection.ts';
import { bindError } from './system-errors.ts';

/** Listens for TCP connections. */
export async function listenTcp(options: ListenOptions): Promise<Listener> {
  requirePort(options.port);
  const server = createServer({ pauseOnConnect: true }, (socket) => accept(socket, options));
  // Once it listens, an error means that one connection could not be accepted; the next one may be.
  server.on('error', () => {});
  const host = options.interfaces === 'loopback' ? '127.0.0.1' : undefined;
  await open(server, host, options.port);
  const { port } = server.address() as AddressInfo;
  return { port, close: () => close(server) };
}

/**
 * Without a host on IPv6 and IPv4 together, or on IPv4 alone where the system has no IPv6. To say so by '::' would cost a
 * program that starts some milliseconds: Node prepares to tell addresses from names.
 */
function open(server: Server, host: string | undefined, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown): void => {
      reject(bindError(`TCP ${formatEndpoint({ host: host ?? '::', port })}`, cause));
    };
    server.once('error', failed);
    server.listen({ port, exclusive: true, ...(host !== undefined && { host }) }, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function accept(socket: Socket, options: ListenOptions): void {
  const { interfaces, onConnection } = options;
  const { localAddress } = socket;
  // Without an address it is gone already.
  if (localAddress === undefined || !isSelected(plainAddress(localAddress), interfaces)) {
    socket.on('error', () => {});
    socket.destroy();
    return;
  }
  onConnection(streamConnection(socket, options));
}

/** Interfaces are looked up anew for each connection, since addresses come and go. */
function isSelected(localAddress: string, selection: InterfaceSelection): boolean {
  if (typeof selection === 'string' || selection.includes(localAddress)) return true;
  const selected = selectInterfaces(enumerateInterfaces(), selection);
  return selected.some((network) => network.address === localAddress);
}

/** The port is free when `close()` of the server returns; its callback would wait for the connections accepted. */
async function close(server: Server): Promise<void> {
  server.close();
}
