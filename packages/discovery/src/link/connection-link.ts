import type {
  CableCarError,
  Clock,
  Connection,
  ConnectionHandlers,
  Endpoint,
  Link,
  LinkHandlers,
  PeerId,
  PeerInfo,
  Random,
} from '@cablecar/core-protocol';
import { EarlyBytes } from './early-bytes.ts';
import type { ConnectionLinkOptions } from './link-options.ts';

const DEAF: ConnectionHandlers = { onChunk() {}, onDrain() {}, onEnd() {}, onClose() {} };

/** How far the end of the present connection has come. */
type End = 'open' | 'ended' | 'closed';

/**
 * A link over a connection, or one connection after another. Until somebody attaches it reads on into a small buffer,
 * so that a close is noticed also where nobody ever attaches. What came early is given to the first listener after
 * `attach()` has returned.
 */
export class ConnectionLink implements Link {
  readonly clock: Clock;
  readonly random: Random;
  readonly ownId: PeerId | undefined;
  readonly #onDown: (() => void) | undefined;
  readonly #onClosed: (parted: boolean, error: CableCarError | undefined) => void;
  #connection: Connection;
  #peer: PeerInfo;
  #handlers: LinkHandlers | undefined;
  #early = new EarlyBytes();
  /** Reading was stopped because nobody took what is early. */
  #isHeld = false;
  #isPaused = false;
  #isDown = false;
  #hasPumpWaiting = false;
  #end: End = 'open';
  /** How much of the end the present listener knows. */
  #told: End = 'open';
  #error: CableCarError | undefined;
  /** What this program did first to close it. */
  #parting: 'nothing' | 'end' | 'destroy' = 'nothing';

  constructor(options: ConnectionLinkOptions) {
    const { connection, peer, ownId, clock, random, rest, onDown, onClosed } = options;
    this.clock = clock;
    this.random = random;
    this.ownId = ownId;
    this.#peer = peer;
    this.#onDown = onDown;
    this.#onClosed = onClosed;
    this.#connection = connection;
    this.#use(connection, rest);
  }

  get peer(): PeerInfo {
    return this.#peer;
  }

  get resumable(): boolean {
    return this.#onDown !== undefined;
  }

  /** Whether it has no connection at present. */
  get isDown(): boolean {
    return this.#isDown;
  }

  /** Whether it would go on with another connection now. */
  get goesOn(): boolean {
    const isWanted = this.#handlers?.onDown !== undefined && this.#parting === 'nothing';
    return this.resumable && isWanted && this.#end !== 'closed';
  }

  get local(): Endpoint {
    return this.#connection.local;
  }

  get remote(): Endpoint {
    return this.#connection.remote;
  }

  get bufferedBytes(): number {
    return this.#connection.bufferedBytes;
  }

  attach(handlers: LinkHandlers): void {
    this.#handlers = handlers;
    this.#told = 'open';
    if (this.#isHeld && !this.#isPaused) this.resume();
    else this.#pumpSoon();
  }

  write(pieces: readonly Uint8Array[]): boolean {
    return this.#connection.write(pieces);
  }

  pause(): void {
    this.#isPaused = true;
    this.#connection.pause();
  }

  resume(): void {
    this.#isPaused = this.#isHeld = false;
    this.#connection.resume();
    this.#pumpSoon();
  }

  end(): void {
    this.#part('end');
    this.#connection.end();
  }

  destroy(): void {
    this.#part('destroy');
    this.#early = new EarlyBytes(); // a close is told once nothing is left to be read
    this.#connection.destroy();
  }

  reconnect(): void {
    if (this.goesOn) this.#connection.destroy();
    else this.destroy();
  }

  /** Destroys the link; its listener hears why at once, before anybody hears of the link that takes its place. */
  displace(error: CableCarError): void {
    this.#error ??= error;
    this.#part('destroy');
    this.#connection.attach(DEAF);
    this.#connection.destroy();
    this.#close(undefined);
  }

  /**
   * Goes on with another connection to the same life of the same peer. False, and the connection closed, where the
   * listener gave the link up when it heard that the one before is gone.
   */
  adopt(connection: Connection, rest: Uint8Array, peer: PeerInfo): boolean {
    if (!this.#isDown) {
      this.#connection.attach(DEAF);
      this.#connection.destroy();
      this.#handlers?.onDown?.();
    }
    if (!this.goesOn) {
      connection.destroy();
      this.#close(undefined);
      return false;
    }
    this.#isDown = false;
    this.#end = this.#told = 'open';
    this.#early = new EarlyBytes();
    this.#peer = peer;
    this.#connection = connection;
    if (this.#isPaused) connection.pause();
    this.#handlers?.onUp?.();
    this.#use(connection, rest);
    return true;
  }

  /** The peer's host is in reach. */
  sighted(): void {
    if (!this.#isDown) this.#handlers?.onSighted?.();
  }

  /** The peer changed how it shows itself. */
  update(details: Pick<PeerInfo, 'name' | 'metadata'>): void {
    this.#peer = { ...this.#peer, ...details };
  }

  #use(connection: Connection, rest: Uint8Array): void {
    if (rest.length > 0) this.#keep(rest);
    this.#pumpSoon();
    connection.attach({
      onChunk: (bytes) => this.#receive(bytes),
      onDrain: () => this.#handlers?.onDrain(),
      onEnd: () => this.#finish(),
      onClose: (error) => this.#lose(error),
    });
  }

  #receive(bytes: Uint8Array): void {
    if (this.#handlers !== undefined && this.#early.isEmpty) this.#handlers.onChunk(bytes);
    else this.#keep(bytes);
  }

  #keep(bytes: Uint8Array): void {
    this.#early.keep(bytes);
    if (this.#handlers !== undefined || !this.#early.isEnough) return;
    this.#isHeld = true;
    this.#connection.pause();
  }

  #finish(): void {
    // Where nobody listens nobody would end our side either, and the link would stay half open for ever.
    if (this.#handlers === undefined) this.#connection.destroy();
    this.#end = 'ended';
    this.#pump();
  }

  #lose(error: CableCarError | undefined): void {
    if (!this.goesOn) return this.#close(error);
    this.#isDown = true;
    this.#early = new EarlyBytes();
    this.#handlers?.onDown?.();
    this.#onDown?.();
  }

  /** This program closes it. While there is no connection, nobody else would say when that is done. */
  #part(how: 'end' | 'destroy'): void {
    if (this.#parting !== 'nothing') return;
    this.#parting = how;
    if (this.#isDown) this.clock.endOfTurn(() => this.#close(undefined));
  }

  #close(error: CableCarError | undefined): void {
    if (this.#end === 'closed') return;
    this.#isDown = false;
    this.#error ??= error;
    this.#end = 'closed';
    this.#pump();
    this.#onClosed(this.#parting === 'end', this.#error);
  }

  #pumpSoon(): void {
    if (this.#hasPumpWaiting || (this.#early.isEmpty && this.#end === 'open')) return;
    this.#hasPumpWaiting = true;
    this.clock.endOfTurn(() => {
      this.#hasPumpWaiting = false;
      this.#pump();
    });
  }

  /** Gives the listener what waits for it: bytes first, then the end. */
  #pump(): void {
    while (this.#handlers !== undefined && !this.#isPaused && !this.#early.isEmpty) {
      this.#handlers.onChunk(this.#early.take() as Uint8Array);
    }
    if (this.#handlers === undefined || !this.#early.isEmpty) return;
    if (this.#told === this.#end) return;
    this.#told = this.#end;
    if (this.#end === 'closed') this.#handlers.onClose(this.#error);
    else this.#handlers.onEnd();
  }
}
