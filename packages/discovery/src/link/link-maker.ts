import {
  CableCarError,
  Driver,
  type Connection,
  type Endpoint,
  type ErrorCode,
  type Millis,
  type Via,
} from '@cablecar/core-protocol';
import { Acceptor } from '../handshake/acceptor.ts';
import type { ConnectionLink } from './connection-link.ts';
import { linkOf } from './link-of.ts';
import { DialMachine } from '../dial/dial-machine.ts';
import type { DialAction, DialEvent, DialInput } from '../dial/dial-types.ts';
import { Dialler } from '../dial/dialler.ts';
import { lifeOf, type Life } from '../life.ts';
import type { Meeting, MeetingPlace } from '../handshake/meeting.ts';
import { TokenBuckets } from '../limits/token-buckets.ts';

/** Warnings of one code: strangers must not be able to flood the program with them. */
const WARNINGS_OF_A_CODE = { size: 10, perSecond: 1 };

/** What happens in every honest network, so that nobody needs to do anything about it. */
const ORDINARY: ReadonlySet<ErrorCode> = new Set([
  'ERR_DUPLICATE_LINK',
  'ERR_REFUSED',
  'ERR_CONNECTION_REFUSED',
]);

/** What a link maker is set to, and whom it tells. None of the callbacks may throw. */
export interface LinkMakerOptions extends MeetingPlace {
  readonly via: Via;
  readonly headStartMs: Millis;
  readonly once: boolean;
  readonly maxPeers: number;
  readonly onLink: (link: ConnectionLink) => void;
  /** A link closed, or gave way to a newer one. */
  readonly onLost: (link: ConnectionLink, error: CableCarError | undefined) => void;
}

/** A link that was made. */
interface Made {
  readonly link: ConnectionLink;
  readonly number: number;
  closed: { readonly error: CableCarError | undefined } | undefined;
}

/** Makes connections into links: dials, accepts and shakes hands as the rules of dialling say. */
export class LinkMaker {
  readonly #options: LinkMakerOptions;
  readonly #driver: Driver<DialInput, DialAction, DialEvent>;
  readonly #dialler: Dialler;
  readonly #acceptor: Acceptor;
  readonly #made = new Map<Life, Made>();
  readonly #warnings = new TokenBuckets(WARNINGS_OF_A_CODE, 64);
  #isOpen = false;

  constructor(options: LinkMakerOptions) {
    this.#options = options;
    const place = { ...options, onWarning: (error: CableCarError) => this.#warn(error) };
    const onInput = (input: DialInput): void => this.#driver.feed(input);
    this.#dialler = new Dialler(place, { onInput, onMet: (meeting) => this.#make(meeting) });
    this.#acceptor = new Acceptor(place, onInput);
    const { headStartMs, once, maxPeers, self, transport } = options;
    const { random, clock } = transport;
    this.#driver = new Driver({
      machine: new DialMachine({ id: self().id, random, headStartMs, once, maxPeers }),
      clock,
      perform: (action) => this.#perform(action),
      deliver: (event) => this.#decided(event),
    });
  }

  /** Begins to dial and to accept. */
  open(): void {
    this.#isOpen = true;
  }

  /** Gives up everything but the links. Resolves when nothing else is open. */
  close(): Promise<void> {
    this.#isOpen = false;
    this.#driver.feed({ kind: 'stop' });
    return this.#acceptor.close();
  }

  /** A peer was heard at an endpoint, for the first time or at a new one. */
  sighted(life: Life, endpoint: Endpoint): void {
    if (this.#isOpen) this.#driver.feed({ kind: 'sighted', life, endpoint });
  }

  /** A peer took leave, or was not heard for too long. */
  gone(life: Life): void {
    this.#driver.feed({ kind: 'gone', life });
  }

  /** Takes a connection that a stranger dialled. */
  admit(connection: Connection): void {
    if (this.#isOpen) this.#acceptor.admit(connection);
    else connection.destroy();
  }

  #perform(action: DialAction): void {
    switch (action.kind) {
      case 'dial':
        return this.#dialler.dial(action.life, action.endpoint);
      case 'greet':
        return this.#dialler.greet(action.life, action.links);
      case 'confirm':
        return this.#dialler.confirm(action.life);
      case 'abandon':
        return this.#dialler.abandon(action.life);
      case 'welcome':
        return this.#acceptor.welcome(action.offer, action.links);
      case 'refuse':
        return this.#acceptor.refuse(action.offer, action.code);
      default:
        return action satisfies never;
    }
  }

  #decided(event: DialEvent): void {
    if (event.kind === 'lost') return this.#lose(event.life, event.number);
    const { life, number, offer } = event;
    const meeting =
      offer === undefined ? this.#dialler.meetingOf(life) : this.#acceptor.meetingOf(offer);
    if (meeting === undefined) return;
    meeting.number = number;
    if (offer !== undefined) this.#acceptor.forget(offer);
    this.#make(meeting);
  }

  /** Makes the link once it is decided on and the handshake complete, whichever comes last. */
  #make(meeting: Meeting): void {
    const { role, greeting, number, rest } = meeting;
    if (greeting === undefined || number === undefined || rest === undefined) return;
    const life = lifeOf(greeting);
    if (role === 'dialler') this.#dialler.forget(life);
    const link = linkOf(meeting, greeting, rest, {
      ...this.#options,
      onClosed: (parted, error) => {
        made.closed = { error };
        this.#driver.feed({ kind: 'unlinked', life, number, parted });
      },
    });
    const made: Made = { link, number, closed: undefined };
    this.#made.set(life, made);
    this.#options.onLink(link);
  }

  #lose(life: Life, number: number): void {
    const made = this.#made.get(life);
    if (made?.number !== number) return;
    this.#made.delete(life);
    const { link, closed } = made;
    const error = closed === undefined ? displacedError() : closed.error;
    if (closed === undefined && error !== undefined) link.displace(error);
    this.#options.onLost(link, error);
  }

  #warn(error: CableCarError): void {
    const now = this.#options.transport.clock.now();
    if (ORDINARY.has(error.code) || !this.#warnings.take(error.code, now)) return;
    this.#options.onWarning(error);
  }
}

function displacedError(): CableCarError {
  const sentence = 'the peer made a newer connection, expected the old one to be gone';
  return new CableCarError('ERR_CONNECTION_LOST', sentence);
}
