import type { Connection, Link, Transport } from '@cablecar/core-protocol';
import { ClassicLink } from './classic-link.ts';

/** Receives the one peer of a server on a classic wire: whoever comes first, for there is no handshake. */
export class ClassicReception {
  readonly #transport: Transport;
  readonly #onLink: (link: Link) => void;
  #isTaken = false;

  constructor(transport: Transport, onLink: (link: Link) => void) {
    this.#transport = transport;
    this.#onLink = onLink;
  }

  admit(connection: Connection): void {
    if (this.#isTaken) return connection.destroy();
    this.#isTaken = true;
    const { clock, random } = this.#transport;
    this.#onLink(new ClassicLink({ connection, clock, random, dialledBy: 'them', via: 'direct' }));
  }

  close(): Promise<void> {
    this.#isTaken = true;
    return Promise.resolve();
  }
}
