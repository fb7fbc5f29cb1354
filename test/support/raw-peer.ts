import { randomBytes } from 'node:crypto';
import {
  ByteWriter,
  encodeGreeting,
  FRAME,
  FrameDecoder,
  writeFrame,
  writeOpen,
  type Connection,
  type Greeting,
  type OpenFrame,
  type PeerId,
} from '@cablecar/core-protocol';
import { nodeTransport } from '@cablecar/transport';

/** A frame that came. */
export interface SeenFrame {
  readonly type: number;
  readonly payload: Buffer;
}

const WINDOW = 1_000;

const transport = nodeTransport();

/** A stranger on a real connection that shows a key of its own and speaks the wire by hand, well or badly. */
export class RawPeer {
  /** The id that belongs to its key. */
  readonly id: PeerId;
  readonly #connection: Connection;
  readonly #decoder = new FrameDecoder(2 ** 20);
  readonly #frames: SeenFrame[] = [];
  readonly #closed: Promise<void>;
  #isClosed = false;
  #wake: () => void = () => {};

  private constructor(connection: Connection, id: PeerId) {
    this.id = id;
    this.#connection = connection;
    this.#closed = new Promise((resolve) => {
      connection.attach({
        onChunk: (chunk) => this.#read(chunk),
        onDrain: () => {},
        onEnd: () => connection.end(),
        // Whatever broke it, a close is a close.
        onClose: () => {
          this.#isClosed = true;
          this.#wake();
          resolve();
        },
      });
    });
  }

  /** Dials a program of this host, as somebody new where no identity is given. */
  static async dial(port: number, identity = transport.identify()): Promise<RawPeer> {
    const plain = await transport.dial({ host: '127.0.0.1', port });
    return new RawPeer(identity.secure(plain, 'dialler'), identity.id);
  }

  /** Resolves once the connection is closed at both ends. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  write(bytes: Uint8Array | string): void {
    this.#connection.write([Buffer.from(bytes)]);
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
      if (this.#isClosed) throw new Error(`closed before a frame of type ${type} came`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  hello(greeting: Partial<Greeting> = {}): void {
    const { id } = this;
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
      maxMessageBytes: 2 ** 20,
      catalog: new Uint8Array([0]),
      ...open,
    });
    this.write(writer.copyItem());
    await this.next(FRAME.OPEN);
  }

  /** Sends what is written, and no more. */
  end(): void {
    this.#connection.end();
  }

  destroy(): void {
    this.#connection.destroy();
  }

  #read(chunk: Uint8Array): void {
    this.#decoder.push(chunk);
    while (this.#decoder.next()) {
      const { type, bytes, start, end } = this.#decoder;
      this.#frames.push({ type, payload: Buffer.from(bytes.subarray(start, end)) });
    }
    this.#wake();
  }
}
