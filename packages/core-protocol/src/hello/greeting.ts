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
   * How many links the sender has had with the receiver since both of them started. It tells a HELLO that was sent
   * before the present link came to be from one sent because that link is gone.
   */
  readonly links: number;
  readonly name: string;
  readonly metadata: Metadata;
}
