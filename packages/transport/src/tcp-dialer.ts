import { connect, type Socket } from 'node:net';
import {
  CableCarError,
  formatEndpoint,
  type Connection,
  type DialOptions,
  type Endpoint,
} from '@cablecar/core-protocol';
import { requirePort } from './ports.ts';
import { systemClock } from './system-clock.ts';
import { streamConnection } from './stream-connection.ts';
import { dialError } from './system-errors.ts';

/** Dials a TCP connection to an IPv4 or IPv6 address or a host name. */
export async function dialTcp(to: Endpoint, options: DialOptions = {}): Promise<Connection> {
  requirePort(to.port);
  options.signal?.throwIfAborted();
  const socket = connect({ host: to.host, port: to.port, allowHalfOpen: true });
  const connection = streamConnection(socket, options); // from here on no error of the socket goes unheard
  try {
    await connected(socket, to, options);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return connection;
}

function connected(
  socket: Socket,
  to: Endpoint,
  { signal, timeoutMs }: DialOptions,
): Promise<void> {
  const where = formatEndpoint(to);
  return new Promise<void>((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      timer?.cancel();
      signal?.removeEventListener('abort', aborted);
      socket.off('connect', succeeded).off('error', failed);
      outcome();
    };
    const succeeded = (): void => settle(resolve);
    const failed = (cause: unknown): void => settle(() => reject(dialError(where, cause)));
    const aborted = (): void => settle(() => reject(signal?.reason));
    const timedOut = (): void => {
      const sentence = `no answer from ${where} in ${timeoutMs} ms, expected a connection`;
      settle(() => reject(new CableCarError('ERR_TIMEOUT', sentence)));
    };
    const timer = timeoutMs === undefined ? undefined : systemClock.setTimer(timeoutMs, timedOut);
    signal?.addEventListener('abort', aborted, { once: true });
    socket.once('connect', succeeded).once('error', failed);
  });
}
