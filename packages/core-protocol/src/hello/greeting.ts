import type { Metadata, PeerId } from '../identity/peer.ts';

/** Everything that either end sends before there is a link fits this, frame header included. */
export const MAX_GREETING_BYTES = 4096;

/** The longest service name, in bytes of UTF-8. */
export const MAX_SERVICE_BYTES = 255;

/**
 * Who is at one end of a connection: the payload of HELLO, and of WELCOME.
 * @see docs/protocol.md §3.2
 */
export interface Greeting {
  readonly service: string;
  readonly id: PeerId;
  readonly epoch: string;
  /**
   * Handshakes between two programs are numbered as far as they get to WELCOME. HELLO: the last round that the sender
   * knows of, 0 for none. WELCOME: the round that this is, one more than either end knew of.
   */
  readonly round: number;
  /**
   * The link that the sender would go on with on this connection: the round in which it began, 0 for none. Where both
   * ends say the same it goes on, else another one begins.
   */
  readonly link: number;
  readonly name: string;
  readonly metadata: Metadata;
}
