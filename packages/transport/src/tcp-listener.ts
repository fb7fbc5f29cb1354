import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  CableCarError,
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
  if (options.interfaces === 'loopback') await open(server, '127.0.0.1', options.port);
  else await openOnEveryAddress(server, options.port);
  const { port } = server.address() as AddressInfo;
  return { port, close: () => close(server) };
}

/** On IPv6 and IPv4 together, or on IPv4 alone where the system has no IPv6. */
async function openOnEveryAddress(server: Server, port: number): Promise<void> {
  try {
    await open(server, '::', port);
  } catch (error) {
    if (CableCarError.is(error, 'ERR_PORT_IN_USE') || CableCarError.is(error, 'ERR_PORT_ACCESS')) {
      throw error;
    }
    await open(server, '0.0.0.0', port);
  }
}

function open(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown): void => {
      reject(bindError(`TCP ${formatEndpoint({ host, port })}`, cause));
    };
    server.once('error', failed);
    server.listen({ host, port, exclusive: true }, () => {
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
  const [address] = localAddress.split('%'); // a link-local address names its interface after the percent sign
  const selected = selectInterfaces(enumerateInterfaces(), selection);
  return selected.some((network) => network.address === address);
}

/** The port is free when `close()` of the server returns; its callback would wait for the connections accepted. */
async function close(server: Server): Promise<void> {
  server.close();
}
