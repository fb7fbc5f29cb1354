import type { CableCarError } from '../errors/cablecar-error.ts';
import type { Endpoint } from './endpoint.ts';

/** What a connection tells its one listener. None of these may throw. */
export interface ConnectionHandlers {
  /** What one read gave, at least one byte. The bytes are the receiver's to keep: nobody writes into them again. */
  onChunk(bytes: Uint8Array): void;
  /** Everything written has been handed to the operating system, after `write()` had answered false. */
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
   * Writes the pieces in order, in one system call where the system allows. They must not change until they are
   * written. False asks the writer to wait for `onDrain`; nothing is refused. Ignored after `end()` or a close.
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
