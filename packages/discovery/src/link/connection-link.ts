import type {
  CableCarError,
  Clock,
  Connection,
  ConnectionHandlers,
  Endpoint,
  Link,
  PeerInfo,
  Random,
} from '@cablecar/core-protocol';

/** Bytes kept for a link to which nobody has attached yet; what is more waits in the network. */
const MAX_EARLY_BYTES = 65_536;

/** What a link is made of. */
export interface ConnectionLinkOptions {
  readonly connection: Connection;
  readonly peer: PeerInfo;
  readonly clock: Clock;
  readonly random: Random;
  /** What came behind the handshake. */
  readonly rest: Uint8Array;
  /** The connection is gone; `parted` when this program had ended it by `end()`. The listener was told before. */
  readonly onClosed: (parted: boolean, error: CableCarError | undefined) => void;
}

type End = 'open' | 'ended' | 'closed';

/**
 * A link over a connection. Until somebody attaches it reads on into a small buffer, so that a close is noticed also
 * where nobody ever attaches. What came early is given to the first listener after `attach()` has returned.
 */
export class ConnectionLink implements Link {
  readonly resumable = false;
  readonly resumable = false;
  readonly clock: Clock;
  readonly random: Random;
  readonly #connection: Connection;
  readonly #onClosed: (parted: boolean, error: CableCarError | undefined) => void;
  #peer: PeerInfo;
  #handlers: ConnectionHandlers | undefined;
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  /** Reading was stopped because nobody took what is early. */
  #isHeld = false;
  #isPaused = false;
  #hasPumpWaiting = false;
  /** How far the end has come, and how much of it the present listener knows. */
  #end: End = 'open';
  #told: End = 'open';
  #error: CableCarError | undefined;
  /** What this program did first to close it. */
  #parting: 'nothing' | 'end' | 'destroy' = 'nothing';

  constructor({ connection, peer, clock, random, rest, onClosed }: ConnectionLinkOptions) {
    this.#connection = connection;
    this.#peer = peer;
    this.clock = clock;
    this.random = random;
    this.#onClosed = onClosed;
    if (rest.length > 0) this.#keep(rest);
    connection.attach({
      onChunk: (bytes) => this.#receive(bytes),
      onDrain: () => this.#handlers?.onDrain(),
      onEnd: () => this.#reach('ended'),
      onClose: (error) => this.#close(error),
    });
  }

  get peer(): PeerInfo {
    return this.#peer;
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

  attach(handlers: ConnectionHandlers): void {
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
    if (this.#parting === 'nothing') this.#parting = 'end';
    this.#connection.end();
  }

  destroy(): void {
    if (this.#parting === 'nothing') this.#parting = 'destroy';
    this.#early = []; // a close is told once nothing is left to be read
    this.#connection.destroy();
  }

  reconnect(): void {
    this.destroy();
  }

  reconnect(): void {
    this.destroy();
  }

  /** Destroys the link; its listener hears why. */
  displace(error: CableCarError): void {
    this.#error ??= error;
    this.destroy();
  }

  /** The peer changed how it shows itself. */
  update(details: Pick<PeerInfo, 'name' | 'metadata'>): void {
    this.#peer = { ...this.#peer, ...details };
  }

  #receive(bytes: Uint8Array): void {
    if (this.#handlers !== undefined && this.#early.length === 0) this.#handlers.onChunk(bytes);
    else this.#keep(bytes);
  }

  #keep(bytes: Uint8Array): void {
    this.#early.push(bytes);
    this.#earlyBytes += bytes.length;
    if (this.#handlers !== undefined || this.#earlyBytes < MAX_EARLY_BYTES) return;
    this.#isHeld = true;
    this.#connection.pause();
  }

  #close(error: CableCarError | undefined): void {
    this.#error ??= error;
    this.#reach('closed');
    this.#onClosed(this.#parting === 'end', this.#error);
  }

  #reach(end: End): void {
    this.#end = end;
    this.#pump();
  }

  #pumpSoon(): void {
    if (this.#hasPumpWaiting || (this.#early.length === 0 && this.#end === 'open')) return;
    this.#hasPumpWaiting = true;
    this.clock.endOfTurn(() => {
      this.#hasPumpWaiting = false;
      this.#pump();
    });
  }

  /** Gives the listener what waits for it: bytes first, then the end. */
  #pump(): void {
    while (this.#handlers !== undefined && !this.#isPaused && this.#early.length > 0) {
      this.#handlers.onChunk(this.#early.shift() as Uint8Array);
    }
    if (this.#handlers === undefined || this.#early.length > 0) return;
    if (this.#told === this.#end) return;
    this.#told = this.#end;
    if (this.#end === 'closed') this.#handlers.onClose(this.#error);
    else this.#handlers.onEnd();
  }
}
