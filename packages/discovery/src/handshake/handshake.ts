import {
  Driver,
  type Clock,
  type Connection,
  type Greeting,
  type RejectionCode,
  type SecureConnection,
} from '@cablecar/core-protocol';
import { HandshakeMachine, type HandshakeSettings } from './handshake-machine.ts';
import type { HandshakeAction, HandshakeEvent, HandshakeInput } from './handshake-types.ts';

/** A handshake on one connection: carries bytes between it and the rules. */
export class Handshake {
  readonly connection: Connection | SecureConnection;
  readonly #isSecured: boolean;
  readonly #driver: Driver<HandshakeInput, HandshakeAction, HandshakeEvent>;

  constructor(
    connection: Connection | SecureConnection,
    settings: HandshakeSettings,
    clock: Clock,
    onEvent: (event: HandshakeEvent) => void,
  ) {
    this.connection = connection;
    this.#isSecured = settings.isSecured;
    this.#driver = new Driver({
      machine: new HandshakeMachine(settings),
      clock,
      perform: (action) => this.#perform(action),
      deliver: (event) => {
        if (event.kind === 'linked' || event.kind === 'over') this.#driver.stop();
        onEvent(event);
      },
    });
  }

  /** Begins to read, and to watch the time. */
  begin(): void {
    // So that the deadline runs although nothing has come yet.
    this.#driver.feed({ kind: 'wake' });
    this.connection.attach({
      onSecured: (peer) => this.#driver.feed({ kind: 'secured', peer }),
      onChunk: (bytes) => this.#driver.feed({ kind: 'chunk', bytes }),
      onDrain: () => {},
      onEnd: () => this.#driver.feed({ kind: 'ended' }),
      onClose: (error) => this.#driver.feed({ kind: 'closed', error }),
    });
    if (!this.#isSecured) this.#driver.feed({ kind: 'secured', peer: undefined });
  }

  /** Sends HELLO. */
  greet(greeting: Greeting): void {
    this.#driver.feed({ kind: 'greet', greeting });
  }

  /** Sends READY. */
  confirm(): void {
    this.#driver.feed({ kind: 'confirm' });
  }

  /** Sends WELCOME. */
  welcome(greeting: Greeting): void {
    this.#driver.feed({ kind: 'welcome', greeting });
  }

  /** Turns the other end away, with a word where it would understand one. */
  refuse(code: RejectionCode): void {
    this.#driver.feed({ kind: 'refuse', code });
  }

  #perform(action: HandshakeAction): void {
    switch (action.kind) {
      case 'write':
        this.connection.write([action.bytes]);
        return;
      case 'end':
        return this.connection.end();
      case 'destroy':
        return this.connection.destroy();
      default:
        return action satisfies never;
    }
  }
}
