import {
  ByteWriter,
  type Connection,
  decodeGreeting,
  encodeGreeting,
  FRAME,
  FrameDecoder,
  type Greeting,
  type Listener,
  type Role,
  writeFrame,
} from '@cablecar/core-protocol';
import { nodeTransport } from '@cablecar/transport';

const transport = nodeTransport();

/** Where somebody in the middle stands. */
export interface RelayPlace {
  /** Where it listens. */
  readonly port: number;
  /** Where the server listens. */
  readonly to: number;
  /** Whether greetings are passed on as its own, since the keys are its own as well. */
  readonly poses: boolean;
}

/**
 * Somebody in the middle: takes the client for the server, dials the server as the client, decrypts on one side and
 * encrypts on the other.
 */
export class Relay {
  readonly identity = transport.identify();
  /** The types of the frames that it passed on, in the clear to it, and how many of each. */
  readonly passed: Map<number, number> = new Map();
  readonly #place: RelayPlace;
  #listener: Listener | undefined;

  private constructor(place: RelayPlace) {
    this.#place = place;
  }

  static async between(place: RelayPlace): Promise<Relay> {
    const relay = new Relay(place);
    relay.#listener = await transport.listen({
      port: place.port,
      interfaces: 'loopback',
      onConnection: (connection) => void relay.#relay(connection),
    });
    return relay;
  }

  async close(): Promise<void> {
    await this.#listener?.close();
  }

  async #relay(accepted: Connection): Promise<void> {
    const dialled = await transport.dial({ host: '127.0.0.1', port: this.#place.to });
    const secure = (it: Connection, role: Role): Connection => this.identity.secure(it, role);
    const [near, far] = [secure(accepted, 'acceptor'), secure(dialled, 'dialler')];
    this.#pass(near, far);
    this.#pass(far, near);
  }

  #pass(from: Connection, to: Connection): void {
    const decoder = new FrameDecoder(2 ** 16);
    from.attach({
      onChunk: (bytes) => {
        decoder.push(bytes);
        while (decoder.next()) {
          this.passed.set(decoder.type, (this.passed.get(decoder.type) ?? 0) + 1);
          to.write([this.#frame(decoder.type, decoder.bytes.slice(decoder.start, decoder.end))]);
        }
      },
      onDrain: () => {},
      onEnd: () => to.end(),
      onClose: () => to.destroy(),
    });
  }

  #frame(type: number, payload: Uint8Array): Buffer {
    const writer = new ByteWriter();
    const isGreeting = type === FRAME.HELLO || type === FRAME.WELCOME;
    const { id } = this.identity;
    const posed = (): Buffer => encodeGreeting({ ...(decodeGreeting(payload) as Greeting), id });
    writeFrame(writer, type, isGreeting && this.#place.poses ? posed() : payload);
    return writer.copyItem();
  }
}
