import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** How often somebody who trickles sends a byte. */
const TRICKLE_MS = 400;

/** Somebody who connects from a loopback address and says nothing, or little by little the same as everybody. */
export class SilentStranger {
  readonly #socket: Socket;
  readonly #closed: Promise<unknown>;
  #trickle: NodeJS.Timeout | undefined;
  isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {}).resume();
    this.#closed = once(socket, 'close').then(() => {
      this.isClosed = true;
      clearInterval(this.#trickle);
    });
  }

  static async from(localAddress: string, port: number, words?: Buffer): Promise<SilentStranger> {
    const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
    const stranger = new SilentStranger(socket);
    await Promise.race([once(socket, 'connect'), stranger.closed]);
    if (words !== undefined) stranger.#say(words);
    return stranger;
  }

  /** Resolves once the connection is closed at both ends. */
  get closed(): Promise<unknown> {
    return this.#closed;
  }

  leave(): void {
    this.#socket.destroy();
  }

  #say(words: Buffer): void {
    let said = 0;
    const sayByte = (): void => void this.#socket.write(words.subarray(said, ++said));
    sayByte();
    this.#trickle = setInterval(sayByte, TRICKLE_MS);
  }
}
