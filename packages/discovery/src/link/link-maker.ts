import {
  Driver,
  type CableCarError,
  type Connection,
  type Endpoint,
  type ErrorCode,
  type Greeting,
  type Millis,
  type PeerInfo,
} from '@cablecar/core-protocol';
import { DialMachine } from '../dial/dial-machine.ts';
import type { DialAction, DialEvent, DialInput } from '../dial/dial-types.ts';
import { Dialler } from '../dial/dialler.ts';
import { Acceptor } from '../handshake/acceptor.ts';
import type { Meeting, MeetingPlace } from '../handshake/meeting.ts';
import { peerOf } from '../handshake/peer-of.ts';
import { lifeOf, type Life } from '../life.ts';
import { StrangerWarnings } from '../limits/stranger-warnings.ts';
import type { ConnectionLink } from './connection-link.ts';
import { linkOf } from './link-of.ts';
import {
  displacedError,
  endedError,
  leftError,
  restartedError,
  stoppedError,
} from './lost-link-errors.ts';
import { MadeLinks, type Made } from './made-links.ts';

/** What happens in every honest network, so that nobody needs to do anything about it. */
const ORDINARY: ReadonlySet<ErrorCode> = new Set([
  'ERR_DUPLICATE_LINK',
  'ERR_REFUSED',
  'ERR_CONNECTION_REFUSED',
]);

/** What a link maker is set to, and whom it tells. None of the callbacks may throw. */
export interface LinkMakerOptions extends MeetingPlace {
  readonly headStartMs: Millis;
  readonly once: boolean;
  readonly maxPeers: number;
  readonly onLink: (link: ConnectionLink) => void;
  /** A link closed, or gave way to a newer one. */
  readonly onLost: (link: ConnectionLink, error: CableCarError | undefined) => void;
  /** A link has no connection at present. Not in one-to-one mode, where nobody would find it another. */
  readonly onDown?: (link: ConnectionLink) => void;
  /** It has one again; what was known of the peer before. */
  readonly onUp?: (link: ConnectionLink, before: PeerInfo) => void;
}

/** Makes connections into links: dials, accepts and shakes hands as the rules of dialling say. */
export class LinkMaker {
  readonly #options: LinkMakerOptions;
  readonly #driver: Driver<DialInput, DialAction, DialEvent>;
  readonly #dialler: Dialler;
  readonly #acceptor: Acceptor;
  readonly #made = new MadeLinks();
  #isOpen = false;
  /** Nobody new is met. */
  #isRetired = false;

  constructor(options: LinkMakerOptions) {
    this.#options = options;
    const { headStartMs, once, maxPeers, self, transport, onWarning } = options;
    const { random, clock } = transport;
    const warnings = new StrangerWarnings(clock, ORDINARY, onWarning);
    const place = { ...options, onWarning: (error: CableCarError) => warnings.warn(error) };
    const onInput = (input: DialInput): void => {
      this.#note(input);
      if (input.kind === 'offered' && !this.#mayMeet(input.life)) {
        this.#acceptor.refuse(input.offer, 'ERR_REFUSED');
      } else {
        this.#driver.feed(input);
      }
    };
    this.#dialler = new Dialler(place, { onInput, onMet: (meeting) => this.#make(meeting) });
    this.#acceptor = new Acceptor(place, onInput);
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
    this.#isRetired = false;
  }

  /** Meets nobody new from here on; links that lost their connection are still given another. */
  retire(): void {
    this.#isRetired = true;
  }

  /** Gives up everything but the links. Resolves when nothing else is open. */
  close(): Promise<void> {
    this.#isOpen = false;
    this.#driver.feed({ kind: 'stop' });
    for (const link of this.#made.down()) link.displace(stoppedError());
    return this.#acceptor.close();
  }

  /** A peer was heard at an endpoint, for the first time or at a new one. */
  sighted(life: Life, endpoint: Endpoint): void {
    if (this.#isOpen && this.#mayMeet(life)) this.#driver.feed({ kind: 'sighted', life, endpoint });
  }

  /** A peer took leave (`hasLeft`), or was not heard for too long. */
  gone(life: Life, hasLeft: boolean): void {
    this.#driver.feed({ kind: 'gone', life });
    const made = this.#made.get(life);
    if (!made?.link.isDown) return;
    // No connection will bring back who has left, or a program that neither announces nor listens on a host that answers.
    if (hasLeft) made.link.displace(leftError());
    else if (made.isRefused) made.link.displace(endedError());
  }

  /** Takes a connection that a stranger dialled. */
  admit(connection: Connection): void {
    if (this.#isOpen) this.#acceptor.admit(connection);
    else connection.destroy();
  }

  #mayMeet(life: Life): boolean {
    return !this.#isRetired || this.#made.get(life) !== undefined;
  }

  #note(input: DialInput): void {
    if (input.kind !== 'failed') return;
    const made = this.#made.get(input.life);
    if (made) made.isRefused = input.code === 'ERR_CONNECTION_REFUSED';
  }

  #perform(action: DialAction): void {
    switch (action.kind) {
      case 'dial':
        return this.#dialler.dial(action.life, action.endpoint);
      case 'greet':
        return this.#dialler.greet(action.life, this.#made.standing(action.life, action.round));
      case 'confirm':
        return this.#dialler.confirm(action.life);
      case 'abandon':
        return this.#dialler.abandon(action.life);
      case 'welcome':
        return this.#acceptor.welcome(action.offer, (greeting) =>
          this.#made.promise(greeting, action.round),
        );
      case 'refuse':
        return this.#acceptor.refuse(action.offer, action.code);
      default:
        return action satisfies never;
    }
  }

  #decided({ life, round, offer }: DialEvent): void {
    const meeting =
      offer === undefined ? this.#dialler.meetingOf(life) : this.#acceptor.meetingOf(offer);
    if (meeting === undefined) return;
    meeting.round = round;
    if (offer !== undefined) this.#acceptor.forget(offer);
    this.#make(meeting);
  }

  /** Makes a link of a meeting once that is decided on and the handshake complete, whichever comes last. */
  #make(meeting: Meeting): void {
    const { connection, role, greeting, round, rest } = meeting;
    if (greeting === undefined || round === undefined || rest === undefined) return;
    const life = lifeOf(greeting);
    const made = this.#made.get(life);
    if (role === 'dialler') this.#dialler.forget(life);
    if (!meeting.goesOn || this.#made.isPromised(life, meeting.link)) {
      this.#begin(meeting, greeting, round, rest);
    } else if (made?.origin === meeting.link && made.link.goesOn) {
      const before = made.link.peer;
      made.round = round;
      made.isRefused = false;
      const peer = peerOf(meeting, greeting, before.via);
      if (made.link.adopt(connection, rest, peer)) this.#options.onUp?.(made.link, before);
    } else {
      // The link has ended since we said that it would go on; the other end is to hear of that.
      connection.destroy();
      this.#driver.feed({ kind: 'unlinked', life, round, parted: false });
    }
  }

  #begin(meeting: Meeting, greeting: Greeting, round: number, rest: Uint8Array): void {
    const { via, transport, once, onLink, onDown, onLost } = this.#options;
    const life = lifeOf(greeting);
    const before = this.#made.of(greeting.id);
    if (before !== undefined) {
      const isSameLife = before.link.peer.epoch === greeting.epoch;
      this.#displace(before, isSameLife ? displacedError() : restartedError());
    }
    const link = linkOf(meeting, greeting, rest, {
      via: via(life),
      transport,
      ...(once ? {} : { onDown: () => down() }),
      onClosed: (parted, error) => {
        this.#driver.feed({ kind: 'unlinked', life, round: made.round, parted });
        if (this.#made.delete(made)) onLost(link, error);
      },
    });
    // Where it was promised, the other end may have had it since an earlier round.
    const origin = meeting.goesOn ? meeting.link : round;
    const made: Made = { link, origin, round, isRefused: false };
    const down = (): void => {
      this.#driver.feed({ kind: 'unlinked', life, round: made.round, parted: false });
      onDown?.(link);
    };
    this.#made.add(life, made);
    onLink(link);
  }

  /** A newer link takes its place. */
  #displace(made: Made, error: CableCarError): void {
    const { link } = made;
    this.#made.delete(made);
    link.displace(error);
    this.#options.onLost(link, error);
  }
}
