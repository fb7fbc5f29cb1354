import {
  CableCarError,
  type Connection,
  type InterfaceSelection,
  type Listener,
  type Transport,
} from '@cablecar/core-protocol';
import type { PortEvidence } from './evidence.ts';
import { Exchange, type ExchangeEnd } from './exchange.ts';
import { decodeHello, encodeHello, type Hello } from './hello.ts';
import { portEvidence } from './port-evidence.ts';
import type { DialOutcome } from './word.ts';

/** Longer than a system asks for a hardware address before it gives up. */
const DIAL_TIMEOUT_MS = 4000;
const EXCHANGE_TIMEOUT_MS = 2500;
/** More doctors do not talk with this one at a time. */
const MAX_EXCHANGES = 64;

/** Who consults whom. None of these may throw. */
export interface ConsultationHandlers {
  /** What this doctor says to the one at an address. */
  helloTo(address: string): Hello;
  /** What another one said, who dialled or was dialled. */
  onHello(address: string, hello: Hello, isVisitor: boolean): void;
}

/** Doctors that talk over TCP: the port on which others come, and the dialling of others. */
export class Consultations {
  readonly #transport: Transport;
  readonly #handlers: ConsultationHandlers;
  readonly #exchanges = new Set<Exchange>();
  #listener: Listener | undefined;

  constructor(transport: Transport, handlers: ConsultationHandlers) {
    this.#transport = transport;
    this.#handlers = handlers;
  }

  /** The port on which others come; 0 when there is none. */
  get port(): number {
    return this.#listener?.port ?? 0;
  }

  /** Opens a port; where that is taken, any instead unless it must be that one. */
  async open(
    port: number,
    { interfaces, strict }: { interfaces: InterfaceSelection; strict: boolean },
  ): Promise<PortEvidence> {
    const onConnection = (connection: Connection): void => this.#admit(connection);
    try {
      this.#listener = await this.#transport.listen({ port, interfaces, onConnection });
    } catch (error) {
      if (strict) return portEvidence('tcp', port, error);
      this.#listener = await this.#transport.listen({ port: 0, interfaces, onConnection });
    }
    return { port: this.#listener.port, state: 'open', holder: undefined };
  }

  /** Dials and talks; resolves with how that ended. Never rejects. */
  async dial(host: string, port: number, signal: AbortSignal): Promise<DialOutcome> {
    let connection: Connection;
    try {
      connection = await this.#transport.dial(
        { host, port },
        { timeoutMs: DIAL_TIMEOUT_MS, signal },
      );
    } catch (error) {
      return outcomeOf(error);
    }
    return new Promise((resolve) => {
      const end = (how: ExchangeEnd): void => resolve(how === 'silent' ? 'connected' : how);
      this.#exchange(connection, true, end);
    });
  }

  async close(): Promise<void> {
    for (const exchange of this.#exchanges) exchange.close();
    await this.#listener?.close();
  }

  #admit(connection: Connection): void {
    if (this.#exchanges.size < MAX_EXCHANGES) return this.#exchange(connection, false, () => {});
    connection.destroy();
  }

  #exchange(connection: Connection, opens: boolean, ended: (how: ExchangeEnd) => void): void {
    const { host } = connection.remote;
    const exchange: Exchange = new Exchange(connection, {
      opens,
      clock: this.#transport.clock,
      timeoutMs: EXCHANGE_TIMEOUT_MS,
      hello: () => encodeHello(this.#handlers.helloTo(host)),
      onHello: (line) => {
        const hello = decodeHello(line);
        if (hello !== undefined) this.#handlers.onHello(host, hello, !opens);
      },
      onEnd: (how) => {
        this.#exchanges.delete(exchange);
        ended(how);
      },
    });
    this.#exchanges.add(exchange);
  }
}

/** What the system's answer to a dial says about the way. */
function outcomeOf(error: unknown): DialOutcome {
  if (!CableCarError.is(error)) return 'timeout'; // given up
  const { code } = (error.cause ?? {}) as { readonly code?: unknown };
  if (error.code === 'ERR_CONNECTION_REFUSED') return 'refused';
  if (error.code === 'ERR_TIMEOUT' || code === 'ETIMEDOUT') return 'timeout';
  return code === 'ENETUNREACH' || code === 'ENETDOWN' ? 'no-route' : 'unreachable';
}
