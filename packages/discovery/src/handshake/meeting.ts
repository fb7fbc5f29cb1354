import type {
  CableCarError,
  Connection,
  Greeting,
  Millis,
  Transport,
} from '@cablecar/core-protocol';
import type { HandshakeEvent, HandshakeRole } from './handshake-types.ts';
import { Handshake } from './handshake.ts';
import type { Self } from '../self.ts';

/** What every handshake of a program has in common. */
export interface MeetingPlace {
  readonly transport: Transport;
  /** Who we are, at this moment. */
  readonly self: () => Self;
  readonly handshakeTimeoutMs: Millis;
  /** Told what strangers do wrong. Must not throw. */
  readonly onWarning: (error: CableCarError) => void;
}

/** A connection whose handshake is under way, with what is known of it so far. */
export class Meeting {
  readonly connection: Connection;
  readonly role: HandshakeRole;
  readonly handshake: Handshake;
  /** The other end's HELLO or WELCOME, once it came. */
  greeting: Greeting | undefined;
  /** The link that we said we would go on with, 0 for none. */
  link = 0;
  /** The round that it is to be the link of, once that was decided. */
  round: number | undefined;
  /** What came behind the handshake, once that is complete. */
  rest: Uint8Array | undefined;

  constructor(
    connection: Connection,
    role: HandshakeRole,
    { transport: { clock }, self, handshakeTimeoutMs }: MeetingPlace,
    onEvent: (event: HandshakeEvent, meeting: Meeting) => void,
  ) {
    this.connection = connection;
    this.role = role;
    const { id, service } = self();
    const deadline = clock.now() + handshakeTimeoutMs;
    const settings = { role, id, service, deadline, remote: connection.remote };
    this.handshake = new Handshake(connection, settings, clock, (event) => onEvent(event, this));
  }

  /** Whether both ends would go on with the same link. */
  get goesOn(): boolean {
    return this.link > 0 && this.link === this.greeting?.link;
  }

  /** Whether the other end said who it is. */
  get isKnown(): boolean {
    return this.greeting !== undefined;
  }
}
