import {
  CableCarError,
  formatEndpoint,
  type Connection,
  type Greeting,
  type Millis,
  type PeerId,
  type Role,
  type Transport,
  type Via,
} from '@cablecar/core-protocol';
import type { HandshakeEvent } from './handshake-types.ts';
import type { HandshakeSettings } from './handshake-machine.ts';
import { Handshake } from './handshake.ts';
import { peerOf } from './peer-of.ts';
import { lifeOf, type Life } from '../life.ts';
import type { Security } from '../security/security.ts';
import type { Self } from '../self.ts';

type Greeted = Extract<HandshakeEvent, { kind: 'greeted' }>;

/** What every handshake of a program has in common. */
export interface MeetingPlace {
  readonly transport: Transport;
  readonly security: Security;
  /** How a peer was found. */
  readonly via: (life: Life) => Via;
  /** Who we are, at this moment. */
  readonly self: () => Self;
  readonly handshakeTimeoutMs: Millis;
  /** Told what strangers do wrong. Must not throw. */
  readonly onWarning: (error: CableCarError) => void;
}

/** A connection whose handshake is under way, with what is known of it so far. */
export class Meeting {
  readonly connection: Connection;
  readonly role: Role;
  /** Our own id, where ids belong to keys. */
  readonly ownId: PeerId | undefined;
  readonly handshake: Handshake;
  readonly #onEvent: (event: HandshakeEvent) => void;
  /** The other end's HELLO or WELCOME, once it came and is trusted. */
  greeting: Greeting | undefined;
  /** The link that we said we would go on with, 0 for none. */
  link = 0;
  /** The round that it is to be the link of, once that was decided. */
  round: number | undefined;
  /** What came behind the handshake, once that is complete. */
  rest: Uint8Array | undefined;

  constructor(
    connection: Connection,
    { role, expected }: Pick<HandshakeSettings, 'role' | 'expected'>,
    { transport: { clock }, security, via, self, handshakeTimeoutMs }: MeetingPlace,
    onEvent: (event: HandshakeEvent, meeting: Meeting) => void,
  ) {
    this.connection = security.secure(connection, role);
    this.role = role;
    const { id, service } = self();
    const { isSecured, secret } = security;
    this.ownId = isSecured ? id : undefined;
    const deadline = clock.now() + handshakeTimeoutMs;
    const { remote } = connection;
    const settings = { role, expected, id, service, isSecured, secret, deadline, remote };
    this.#onEvent = (event) => onEvent(event, this);
    this.handshake = new Handshake(this.connection, settings, clock, (event) => {
      if (event.kind === 'greeted')
        this.#judge(
          event,
          security.judge(peerOf(this, event.greeting, via(lifeOf(event.greeting)))),
        );
      else this.#onEvent(event);
    });
  }

  /** Whether both ends would go on with the same link. */
  get goesOn(): boolean {
    return this.link > 0 && this.link === this.greeting?.link;
  }

  /** Whether the other end said who it is. */
  get isKnown(): boolean {
    return this.greeting !== undefined;
  }

  /** A greeting is passed on when whose it is has been found good. That may take a while. */
  #judge(event: Greeted, verdict: boolean | Promise<boolean>): void {
    if (verdict === true) this.#onEvent(event);
    else if (verdict === false) this.#turnAway(event);
    else void verdict.then((isTrusted) => this.#judge(event, isTrusted));
  }

  #turnAway({ greeting: { name, id } }: Greeted): void {
    const who = `'${name}' at ${formatEndpoint(this.connection.remote)}, ${id}`;
    const sentence = `${who}, is not trusted, expected a peer that is`;
    this.#onEvent({ kind: 'failed', error: new CableCarError('ERR_UNTRUSTED', sentence) });
    this.handshake.refuse('ERR_UNTRUSTED');
  }
}
