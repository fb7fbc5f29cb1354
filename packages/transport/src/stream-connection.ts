import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  CableCarError,
  formatEndpoint,
  type Connection,
  type ConnectionHandlers,
  type ConnectionSettings,
  type Endpoint,
  type Timer,
} from '@cablecar/core-protocol';
import { plainAddress } from './plain-address.ts';
import { systemClock } from './system-clock.ts';
import { connectionError } from './system-errors.ts';

/** Only a backstop: the session's own heartbeats notice a dead peer far sooner. */
const KEEPALIVE_IDLE_MS = 30_000;

const NOWHERE: Endpoint = { host: 'stream', port: 0 };

/**
 * A connection over any `node:stream` Duplex of bytes: a `net.Socket` (Nagle's algorithm is switched off, keepalive
 * on), a TLS socket, a pipe. The stream belongs to the connection from here on and is paused until `attach()`.
 * Endpoints of what is not a socket are `{ host: 'stream', port: 0 }`.
 * @throws {CableCarError} ERR_OPTION for a stream of strings or objects
 */
export function streamConnection(stream: Duplex, settings: ConnectionSettings = {}): Connection {
  return new StreamConnection(stream, settings);
}

type End = 'not yet' | 'ended' | 'closed';

/** See {@link streamConnection}. */
export class StreamConnection implements Connection {
  readonly settings: ConnectionSettings;
  readonly #stream: Duplex;
  #local: Endpoint = NOWHERE;
  #remote: Endpoint = NOWHERE;
  #handlers: ConnectionHandlers | undefined;
  #paused = false;
  /** A write answered false and not everything was taken since. */
  #drainOwed = false;
  /** Runs while the other end may still finish. */
  #timer: Timer | undefined;
  #error: CableCarError | undefined;
  /** How far the end of reading has come, and how much of that was told to whom. */
  #end: End = 'not yet';
  #told: End = 'not yet';
  #toldTo: ConnectionHandlers | undefined;

  constructor(stream: Duplex, settings: ConnectionSettings) {
    if (stream.readableEncoding !== null || stream.readableObjectMode) {
      const sentence = 'the stream gives strings or objects, expected one that gives bytes';
      throw new CableCarError('ERR_OPTION', sentence);
    }
    this.#stream = stream;
    this.settings = settings;
    stream.pause();
    stream.allowHalfOpen = true;
    stream.on('error', (error) => this.#fail(error));
    stream.on('data', (bytes: Uint8Array) => this.#handlers?.onChunk(bytes));
    stream.on('end', () => this.#reach('ended'));
    stream.on('close', () => {
      this.#timer?.cancel();
      this.#reach('closed');
    });
    if (stream.errored !== null) this.#fail(stream.errored);
    if (stream.readableEnded) this.#end = 'ended';
    if (stream.closed) this.#end = 'closed';
    if (stream instanceof Socket) this.#prepare(stream);
  }

  /** What it is made of, for whoever puts encryption between and leaves the connection alone from then on. */
  get stream(): Duplex {
    return this.#stream;
  }

  get local(): Endpoint {
    return this.#local;
  }

  get remote(): Endpoint {
    return this.#remote;
  }

  get bufferedBytes(): number {
    return this.#stream.writableLength;
  }

  attach(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    if (!this.#paused) this.#stream.resume();
    if (this.#end !== 'not yet') process.nextTick(() => this.#tellEnd());
  }

  write(pieces: readonly Uint8Array[]): boolean {
    const stream = this.#stream;
    if (!stream.writable) return true;
    const last = pieces.length - 1;
    if (last === 0) {
      stream.write(pieces[0], this.#onTaken);
    } else {
      stream.cork();
      pieces.forEach((piece, at) => stream.write(piece, at === last ? this.#onTaken : undefined));
      stream.uncork();
    }
    // What the stream itself answers says only whether it wants more, not whether the system has what it got.
    if (stream.writableLength === 0) return true;
    this.#drainOwed = true;
    return false;
  }

  pause(): void {
    this.#paused = true;
    this.#stream.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#handlers !== undefined) this.#stream.resume();
  }

  end(): void {
    const stream = this.#stream;
    const { endTimeoutMs = Infinity } = this.settings;
    if (stream.writableEnded) return;
    if (endTimeoutMs < Infinity) {
      stream.once('finish', () => {
        this.#timer = systemClock.setTimer(endTimeoutMs, () => stream.destroy());
      });
    }
    stream.end();
  }

  destroy(): void {
    const stream = this.#stream;
    if (this.settings.destroyAs === 'reset' && stream instanceof Socket && isOpen(stream)) {
      reset(stream);
    } else {
      stream.destroy();
    }
  }

  #prepare(socket: Socket): void {
    if (socket.connecting) {
      socket.once('connect', () => this.#prepare(socket));
      return;
    }
    socket.setNoDelay(true);
    socket.setKeepAlive(true, this.settings.keepAliveMs ?? KEEPALIVE_IDLE_MS);
    // Kept, because a socket forgets its addresses when it closes.
    const { localAddress, localPort, remoteAddress, remotePort } = socket;
    if (localAddress === undefined || remoteAddress === undefined) return;
    this.#local = { host: plainAddress(localAddress), port: localPort ?? 0 };
    this.#remote = { host: plainAddress(remoteAddress), port: remotePort ?? 0 };
  }

  readonly #onTaken = (error?: Error | null): void => {
    if (error || !this.#drainOwed || this.#stream.writableLength > 0) return;
    this.#drainOwed = false;
    this.#handlers?.onDrain();
  };

  #fail(cause: unknown): void {
    this.#error ??= connectionError(formatEndpoint(this.#remote), cause);
  }

  #reach(end: End): void {
    this.#end = end;
    this.#tellEnd();
  }

  /** Tells the present listener, once, how far the end has come. */
  #tellEnd(): void {
    const handlers = this.#handlers;
    if (handlers === undefined || (this.#toldTo === handlers && this.#told === this.#end)) return;
    this.#toldTo = handlers;
    this.#told = this.#end;
    if (this.#end === 'closed') handlers.onClose(this.#error);
    else handlers.onEnd();
  }
}

/** Whether the other end has been told nothing of an end. */
function isOpen({ connecting, destroyed, writableEnded }: Socket): boolean {
  return !connecting && !destroyed && !writableEnded;
}

/** Breaks a TCP connection off; other sockets have no way to say that. */
function reset(socket: Socket): void {
  try {
    socket.resetAndDestroy();
  } catch {
    socket.destroy();
  }
}
