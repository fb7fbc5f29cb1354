import {
  CableCarError,
  type ConnectionHandlers,
  type Endpoint,
  formatEndpoint,
  type PeerId,
  type Role,
  type SecureConnection,
  type SecureHandlers,
  TLS_HANDSHAKE,
  TLS_VERSION_ALERT,
} from '@cablecar/core-protocol';
import type { SimConnection } from './sim-connection.ts';

/** How TLS begins: enough for the other end to tell. */
const CLIENT_HELLO = Uint8Array.of(TLS_HANDSHAKE, 3, 1);

/** How long whoever is turned away may take to read that. */
const LINGER_MS = 500;

const DEAF: ConnectionHandlers = { onChunk() {}, onDrain() {}, onEnd() {}, onClose() {} };

/**
 * What encryption does, without any: each end learns the other's id beyond doubt, and an end in the clear is found out.
 * It takes no time and sends nothing, so that there is no more to explore than without it.
 */
export class SimSecureConnection implements SecureConnection {
  readonly #inner: SimConnection;
  readonly #role: Role;
  #handlers: SecureHandlers | undefined;
  #isSecured = false;
  /** It was refused. */
  #isOver = false;

  constructor(inner: SimConnection, own: PeerId, role: Role) {
    this.#inner = inner;
    this.#role = role;
    inner.shown[role] = own;
  }

  get local(): Endpoint {
    return this.#inner.local;
  }

  get remote(): Endpoint {
    return this.#inner.remote;
  }

  get bufferedBytes(): number {
    return this.#inner.bufferedBytes;
  }

  attach(handlers: SecureHandlers): void {
    this.#handlers = handlers;
    if (this.#isSecured) return this.#inner.attach(handlers);
    this.#listen();
    if (this.#role === 'acceptor') return;
    if (this.#inner.shown.acceptor === undefined) this.#inner.write([CLIENT_HELLO]);
    else this.#inner.process.engine.endOfTurn(() => this.#secured());
  }

  write(pieces: readonly Uint8Array[]): boolean {
    return this.#inner.write(pieces);
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
  }

  end(): void {
    this.#inner.end();
  }

  destroy(): void {
    if (!this.#isOver) this.#inner.destroy();
  }

  /** Hears the connection for the listener, who does not know yet whose it is. */
  #listen(): void {
    this.#inner.attach({
      onChunk: (bytes) => {
        this.#secured();
        if (this.#isSecured) this.#handlers?.onChunk(bytes);
      },
      onDrain: () => this.#handlers?.onDrain(),
      onEnd: () => this.#handlers?.onEnd(),
      onClose: (error) => this.#handlers?.onClose(error),
    });
  }

  #secured(): void {
    const { shown, process } = this.#inner;
    const { dialler, acceptor } = shown;
    if (this.#isSecured || this.#isOver || !process.alive) return;
    if (dialler === undefined || acceptor === undefined) return this.#refuse();
    this.#isSecured = true;
    const id = this.#role === 'dialler' ? acceptor : dialler;
    const bindings = [Buffer.from(dialler + acceptor, 'hex')];
    this.#handlers?.onSecured?.({ id, bindings });
  }

  /** For the listener it is over at once; the other end is given the time to read why. */
  #refuse(): void {
    const inner = this.#inner;
    const seen = `${formatEndpoint(this.remote)} spoke bytes that are not encrypted`;
    const sentence = `${seen}, expected it to encrypt as this program does`;
    const timer = inner.process.setTimer(LINGER_MS, () => inner.destroy());
    inner.attach({ ...DEAF, onClose: () => timer.cancel() });
    if (this.#role === 'acceptor') inner.write([TLS_VERSION_ALERT]);
    inner.end();
    this.#isOver = true;
    this.#handlers?.onClose(new CableCarError('ERR_SECURITY_MODE', sentence));
  }
}
