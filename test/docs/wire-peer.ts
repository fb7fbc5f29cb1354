import {
  ByteWriter,
  FRAME,
  FrameDecoder,
  writeAck,
  writeEcho,
  writeFrame,
  writeOpen,
  type AckFrame,
  type Clock,
  type LinkHandlers,
  type Link,
  type Millis,
  type OpenFrame,
  type PeerInfo,
  type Random,
  type Timer,
} from '@cablecar/core-protocol';

/** A frame as it was seen on the wire. */
export interface SeenFrame {
  readonly type: number;
  readonly payload: Buffer;
}

/** What {@link WirePeer.open} says where it is not told otherwise. */
const OPEN: OpenFrame = {
  received: 0,
  grantedMessages: 1_000,
  grantedBytes: 1_048_576,
  maxMessageBytes: 1_048_576,
  catalog: new Uint8Array([0]),
};

interface SetTimer {
  readonly due: Millis;
  readonly callback: () => void;
}

/**
 * The other end of a messenger, played by hand: what is written to the link is seen frame by frame, what is received
 * is given byte by byte, and time stands still until it is moved.
 */
export class WirePeer implements Link, Clock {
  readonly peer: PeerInfo = {
    id: '00'.repeat(16),
    epoch: '00'.repeat(8),
    name: 'by hand',
    metadata: {},
    endpoint: { host: '127.0.0.1', port: 2 },
    dialledBy: 'us',
    via: 'direct',
  };
  readonly local = { host: '127.0.0.1', port: 1 };
  readonly remote = { host: '127.0.0.1', port: 2 };
  readonly bufferedBytes = 0;
  readonly clock: Clock = this;
  readonly random: Random = { bytes: (length) => new Uint8Array(length), float: () => 0.5 };
  readonly resumable: boolean;
  /** Whether the messenger has finished its direction, closed at once, or given the connection up as dead. */
  finished = false;
  destroyed = false;
  abandoned = false;
  /** Whether writes are not taken by the system at once; see {@link release}. */
  holding = false;
  #time: Millis = 0;
  #handlers: LinkHandlers | undefined;
  #turn: (() => void)[] = [];
  readonly #timers = new Set<SetTimer>();
  #written = new FrameDecoder(Infinity);
  #seen: SeenFrame[] = [];

  /** `resumable`: whether there may be more than one connection, see {@link down} and {@link up}. */
  constructor(resumable = false) {
    this.resumable = resumable;
  }

  now(): Millis {
    return this.#time;
  }

  wallNow(): Millis {
    return this.#time;
  }

  setTimer(delayMs: Millis, callback: () => void): Timer {
    const timer = { due: this.#time + delayMs, callback };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  endOfTurn(callback: () => void): void {
    this.#turn.push(callback);
  }

  attach(handlers: LinkHandlers): void {
    this.#handlers = handlers;
  }

  write(pieces: readonly Uint8Array[]): boolean {
    if (this.finished || this.destroyed) return true;
    // A copy: the pieces are the messenger's again once they are written.
    this.#written.push(Buffer.concat(pieces));
    while (this.#written.next()) {
      const { type, bytes, start, end } = this.#written;
      this.#seen.push({ type, payload: Buffer.from(bytes.subarray(start, end)) });
    }
    if (this.#written.error) throw this.#written.error;
    return !this.holding;
  }

  /** The system has taken what was held. */
  release(): void {
    this.holding = false;
    this.#handlers?.onDrain();
    this.settle();
  }

  pause(): void {}

  resume(): void {}

  end(): void {
    this.finished = true;
  }

  destroy(): void {
    this.destroyed = true;
  }

  reconnect(): void {
    this.abandoned = true;
    if (!this.resumable) this.destroy();
  }

  /** The frames written since this was asked last; ends the turn before it looks. */
  seen(type?: number): SeenFrame[] {
    this.settle();
    const seen = this.#seen;
    this.#seen = [];
    return type === undefined ? seen : seen.filter((frame) => frame.type === type);
  }

  /** The types of {@link seen}. */
  types(): number[] {
    return this.seen().map(({ type }) => type);
  }

  /** Ends the turn. */
  settle(): void {
    while (this.#turn.length > 0) for (const callback of this.#turn.splice(0)) callback();
  }

  /** Moves time on, timer by timer. */
  pass(durationMs: Millis): void {
    const end = this.#time + durationMs;
    this.settle();
    for (;;) {
      const next = [...this.#timers].toSorted((a, b) => a.due - b.due)[0];
      if (next === undefined || next.due > end) break;
      this.#timers.delete(next);
      this.#time = next.due;
      next.callback();
      this.settle();
    }
    this.#time = end;
  }

  /** Sends bytes, given as hexadecimal digits or as they are. */
  send(bytes: string | Uint8Array): void {
    const chunk = typeof bytes === 'string' ? Buffer.from(bytes.replaceAll(' ', ''), 'hex') : bytes;
    this.#handlers?.onChunk(chunk);
    this.settle();
  }

  sendFrame(type: number, payload: Uint8Array = new Uint8Array()): void {
    this.#write((writer) => writeFrame(writer, type, payload));
  }

  open(open: Partial<OpenFrame> = {}): void {
    this.#write((writer) => writeOpen(writer, { ...OPEN, ...open }));
  }

  ping(token: number): void {
    this.#write((writer) => writeEcho(writer, FRAME.PING, token));
  }

  acknowledge(received: number, ack: Partial<AckFrame> = {}): void {
    this.#write((writer) => writeAck(writer, { ...OPEN, received, ...ack }));
  }

  /** The connection is gone. */
  down(): void {
    this.#handlers?.onDown?.();
    this.settle();
  }

  /** There is another connection, on which nothing has been written. */
  up(): void {
    this.seen();
    this.#written = new FrameDecoder(Infinity);
    this.abandoned = false;
    this.#handlers?.onUp?.();
    this.settle();
  }

  /** Finishes the peer's direction. */
  finish(): void {
    this.#handlers?.onEnd();
    this.settle();
  }

  #write(write: (writer: ByteWriter) => void): void {
    const writer = new ByteWriter();
    write(writer);
    this.send(writer.copyItem());
  }
}
