import { connect, TLSSocket } from 'node:tls';
import {
  CableCarError,
  formatEndpoint,
  TLS_VERSION_ALERT,
  type ConnectionHandlers,
  type Endpoint,
  type SecureConnection,
  type SecureHandlers,
  type SecurePeer,
} from '@cablecar/core-protocol';
import { StreamConnection } from '../stream-connection.ts';
import { systemClock } from '../system-clock.ts';
import { FirstRecord } from './first-record.ts';
import { peerAt, type TlsEnd } from './tls-peer.ts';

/** What is spoken inside, so that a program of another kind does not take this for its own. */
const ALPN = ['cablecar/1'];

/** What OpenSSL says of who answers that it does not encrypt, and of whose answer is no TLS at all. */
const IN_THE_CLEAR: ReadonlySet<string> = new Set([
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_WRONG_VERSION_NUMBER',
]);

const DEAF: ConnectionHandlers = { onChunk() {}, onDrain() {}, onEnd() {}, onClose() {} };

/** How long whoever is turned away may take to read that. */
const LINGER_MS = 500;

/**
 * TLS 1.3 over a connection, from the first byte. The certificates are believed for the keys in them, and for nothing
 * else: whose key that is, is for the listener to judge.
 * @see docs/security.md
 */
export class TlsConnection implements SecureConnection {
  readonly #end: TlsEnd;
  readonly #plain: StreamConnection;
  /** Over TLS; on the accepting side there once the first record has come. */
  #secure: StreamConnection | undefined;
  /** What was written before. */
  #early: Uint8Array[] = [];
  #handlers: SecureHandlers | undefined;
  /** Who is at the other end, and whether the listener knows. */
  #peer: SecurePeer | undefined;
  #isTold = false;
  /** It is over for the listener, and the other end reads why. */
  #isRefused = false;
  /** Why it was closed from here. */
  #fault: CableCarError | undefined;

  constructor(plain: StreamConnection, end: TlsEnd) {
    this.#end = end;
    this.#plain = plain;
    if (end.role === 'dialler') this.#encrypt(connect(this.#options));
  }

  get local(): Endpoint {
    return this.#plain.local;
  }

  get remote(): Endpoint {
    return this.#plain.remote;
  }

  get bufferedBytes(): number {
    return this.#present.bufferedBytes + this.#early.reduce((sum, { length }) => sum + length, 0);
  }

  attach(handlers: SecureHandlers): void {
    this.#handlers = handlers;
    if (this.#isTold) this.#secure?.attach(handlers);
    else if (this.#secure === undefined) this.#awaitHello();
    else this.#listen(this.#secure);
    if (this.#peer !== undefined) process.nextTick(() => this.#tell());
  }

  write(pieces: readonly Uint8Array[]): boolean {
    if (this.#secure !== undefined) return this.#secure.write(pieces);
    this.#early.push(...pieces);
    return false;
  }

  pause(): void {
    this.#present.pause();
  }

  resume(): void {
    this.#present.resume();
  }

  end(): void {
    this.#present.end();
  }

  destroy(): void {
    if (!this.#isRefused) this.#present.destroy();
  }

  get #present(): StreamConnection {
    return this.#secure ?? this.#plain;
  }

  get #options() {
    return {
      socket: this.#plain.stream,
      secureContext: this.#end.context,
      ALPNProtocols: ALPN,
      requestCert: true,
      rejectUnauthorized: false, // there is no authority; the key itself is judged
    };
  }

  /** A stranger who is silent or trickles costs nothing yet, and one who speaks in the clear is told that this is no place for it. */
  #awaitHello(): void {
    const first = new FirstRecord();
    this.#plain.attach({
      onChunk: (bytes) => {
        const record = first.push(bytes);
        if (record === null) this.#refuse();
        else if (record !== undefined) this.#accept(record);
      },
      onDrain: () => {},
      onEnd: () => this.#plain.destroy(),
      onClose: (error) => this.#closed(error),
    });
  }

  #accept(bytes: Uint8Array): void {
    const { stream } = this.#plain;
    this.#plain.attach(DEAF);
    this.#plain.pause();
    stream.unshift(bytes);
    this.#encrypt(new TLSSocket(stream, { ...this.#options, isServer: true }));
  }

  /** For the listener it is over at once; the other end is given the time to read why. */
  #refuse(): void {
    const plain = this.#plain;
    const timer = systemClock.setTimer(LINGER_MS, () => plain.destroy());
    plain.attach({ ...DEAF, onClose: () => timer.cancel() });
    plain.write([TLS_VERSION_ALERT]);
    plain.end();
    this.#isRefused = true;
    this.#closed(modeError(plain.remote, 'bytes that are not encrypted'));
  }

  #encrypt(socket: TLSSocket): void {
    const secure = new StreamConnection(socket, this.#plain.settings);
    this.#secure = secure;
    socket.once('secure', () => this.#secured(socket));
    // A record that is wrong does not end a TLS socket by itself; on the accepting side nothing but this tells of it.
    socket.on('_tlsError', (error: Error) => socket.destroy(error));
    if (this.#handlers !== undefined) this.#listen(secure);
    if (this.#early.length > 0) secure.write(this.#early.splice(0));
  }

  #secured(socket: TLSSocket): void {
    this.#peer = peerAt(socket, this.#end);
    if (this.#peer !== undefined) return this.#tell();
    const sentence = `${formatEndpoint(this.remote)} has shown no Ed25519 key, expected one`;
    this.#fault = new CableCarError('ERR_IDENTITY', sentence);
    socket.destroy();
  }

  /** From here on the listener hears the connection itself. */
  #tell(): void {
    if (this.#isTold || this.#peer === undefined || this.#handlers === undefined) return;
    this.#isTold = true;
    this.#handlers.onSecured?.(this.#peer);
    this.#secure?.attach(this.#handlers);
  }

  /** Hears the connection for the listener, who does not know yet whose it is. */
  #listen(secure: StreamConnection): void {
    secure.attach({
      onChunk: (bytes) => {
        this.#tell();
        this.#handlers?.onChunk(bytes);
      },
      onDrain: () => this.#handlers?.onDrain(),
      onEnd: () => this.#handlers?.onEnd(),
      onClose: (error) => this.#closed(error),
    });
  }

  #closed(error?: CableCarError): void {
    this.#handlers?.onClose(this.#fault ?? this.#explain(error));
  }

  /** What went wrong in TLS was not the system's doing. */
  #explain(error: CableCarError | undefined): CableCarError | undefined {
    const code = String((error?.cause as { code?: unknown } | undefined)?.code);
    if (IN_THE_CLEAR.has(code)) return modeError(this.remote, 'no TLS 1.3');
    if (!code.startsWith('ERR_SSL')) return error;
    const sentence = `${formatEndpoint(this.remote)} failed in TLS, expected both ends to encrypt`;
    return new CableCarError('ERR_HANDSHAKE', sentence, { cause: error?.cause });
  }
}

function modeError(remote: Endpoint, seen: string): CableCarError {
  const sentence = `${formatEndpoint(remote)} spoke ${seen}, expected it to encrypt as this program does`;
  return new CableCarError('ERR_SECURITY_MODE', sentence);
}
