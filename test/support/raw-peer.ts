import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  ByteWriter,
  encodeGreeting,
  FRAME,
  FrameDecoder,
  writeFrame,
  writeOpen,
  type Greeting,
  type OpenFrame,
} from '@cablecar/core-protocol';

/** A frame that came. */
export interface SeenFrame {
  readonly type: number;
  readonly payload: Buffer;
}

const WINDOW = 1_000;

/** A stranger on a real connection that speaks the wire by hand, well or badly. */
export class RawPeer {
  readonly #socket: Socket;
  readonly #decoder = new FrameDecoder(2 ** 20);
  readonly #frames: SeenFrame[] = [];
  readonly #closed: Promise<unknown>;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {}); // a reset is an end like another
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#closed = once(socket, 'close').then(() => this.#wake());
  }

  /** Dials a program of this host. */
  static async dial(port: number): Promise<RawPeer> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawPeer(socket);
  }

  /** Resolves once the connection is closed at both ends. */
  get closed(): Promise<unknown> {
    return this.#closed;
  }

  write(bytes: Uint8Array | string): void {
    this.#socket.write(bytes);
  }

  writeFrame(type: number, payload: Uint8Array = new Uint8Array()): void {
    const writer = new ByteWriter();
    writeFrame(writer, type, payload);
    this.write(writer.copyItem());
  }

  /** The next frame of a type; others are skipped. */
  async next(type: number): Promise<Buffer> {
    for (;;) {
      for (let frame; (frame = this.#frames.shift()) !== undefined;) {
        if (frame.type === type) return frame.payload;
      }
      if (this.#socket.destroyed) throw new Error(`closed before a frame of type ${type} came`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  hello(greeting: Partial<Greeting> = {}): void {
    const id = randomBytes(16).toString('hex');
    const epoch = randomBytes(8).toString('hex');
    const whole = { service: 'default', id, epoch, name: 'raw', metadata: {}, round: 0, link: 0 };
    this.writeFrame(FRAME.HELLO, encodeGreeting({ ...whole, ...greeting }));
  }

  /** Says HELLO and READY as it should; resolves when there is a link. */
  async shakeHands(greeting: Partial<Greeting> = {}): Promise<void> {
    this.hello(greeting);
    await this.next(FRAME.WELCOME);
    this.writeFrame(FRAME.READY);
  }

  /** Shakes hands and opens a session as it should. */
  async open(greeting: Partial<Greeting> = {}, open: Partial<OpenFrame> = {}): Promise<void> {
    await this.shakeHands(greeting);
    const writer = new ByteWriter();
    writeOpen(writer, {
      received: 0,
      grantedMessages: WINDOW,
      grantedBytes: WINDOW * WINDOW,
      maxFrameBytes: 2 ** 20,
      catalog: new Uint8Array([0]),
      ...open,
    });
    this.write(writer.copyItem());
    await this.next(FRAME.OPEN);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#decoder.push(chunk);
    while (this.#decoder.next()) {
      const { type, bytes, start, end } = this.#decoder;
      this.#frames.push({ type, payload: Buffer.from(bytes.subarray(start, end)) });
    }
    this.#wake();
  }
}
