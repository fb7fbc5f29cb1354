import type { CableCarError } from '../errors/cablecar-error.ts';
import type { Millis } from './clock.ts';
import type { Endpoint } from './endpoint.ts';

/** What a connection tells its one listener. None of these may throw. */
export interface ConnectionHandlers {
  /** What one read gave, at least one byte. The bytes are the receiver's to keep: nobody writes into them again. */
  onChunk(bytes: Uint8Array): void;
  /** The operating system has taken everything written, after `write()` had answered false. */
  onDrain(): void;
  /** The other end has finished sending; a close follows when both ends have. */
  onEnd(): void;
  /** The connection is gone; last of all calls and exactly once. With an error if it ended by one. */
  onClose(error?: CableCarError): void;
}

/**
 * One stream connection, plain or encrypted.
 * It reads nothing before the first `attach()`, and it never throws from the network's doings.
 */
export interface Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Bytes accepted by `write()` that the operating system has not taken yet. */
  readonly bufferedBytes: number;
  /**
   * Replaces the listener and starts reading (unless paused). An end or a close that happened before is told to the
   * new listener, after this call has returned.
   */
  attach(handlers: ConnectionHandlers): void;
  /**
   * Writes the pieces in order, in one system call where the system allows. True when the system has taken them and
   * everything before them, so that their memory is the writer's again; false when it has not: then they must not
   * change until `onDrain`, which the writer is asked to wait for. Nothing is refused. After `end()` or a close it does
   * nothing and answers true.
   */
  write(pieces: readonly Uint8Array[]): boolean;
  /** Stops reading; the other end will be held by TCP. */
  pause(): void;
  /** Reads on. */
  resume(): void;
  /** Sends what is written, then finishes sending. Reading goes on until the other end finishes as well. */
  end(): void;
  /** Closes at once; what is unsent is lost. `onClose` follows, after this call has returned. */
  destroy(): void;
}

/** How a connection is kept, whichever end dialled it. */
export interface ConnectionSettings {
  /** After how long a silence the system asks whether the other end is still there. @default 30_000 */
  readonly keepAliveMs?: Millis;
  /**
   * What `destroy()` tells the other end: that this one finished sending, or that the connection is broken, which is
   * heard by programs that overlook an end, too. After `end()`, and on a secure connection, it makes no difference.
   * @default 'end'
   */
  readonly destroyAs?: 'end' | 'reset';
  /**
   * How long the other end may take to finish sending once this one has; then the connection closes. @default Infinity
   */
  readonly endTimeoutMs?: Millis;
}
