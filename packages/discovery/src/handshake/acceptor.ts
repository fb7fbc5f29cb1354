import type { Connection, Greeting, RejectionCode } from '@cablecar/core-protocol';
import { Admission, crowdedError } from './admission.ts';
import type { DialInput, OfferId } from '../dial/dial-types.ts';
import type { HandshakeEvent } from './handshake-types.ts';
import { lifeOf } from '../life.ts';
import { Meeting, type MeetingPlace } from './meeting.ts';
import { greetingOf, type Standing } from '../self.ts';

/** The connections that strangers dialled and whose handshake is under way. */
export class Acceptor {
  readonly #place: MeetingPlace;
  readonly #onInput: (input: DialInput) => void;
  readonly #offers = new Map<OfferId, Meeting>();
  readonly #admission = new Admission<Meeting>();
  #lastOffer: OfferId = 0;
  #onIdle: (() => void) | undefined;

  /** `onInput` is told what the rules of dialling are to know. */
  constructor(place: MeetingPlace, onInput: (input: DialInput) => void) {
    this.#place = place;
    this.#onInput = onInput;
  }

  meetingOf(offer: OfferId): Meeting | undefined {
    return this.#offers.get(offer);
  }

  /** Takes a connection that a stranger dialled. */
  admit(connection: Connection): void {
    if (!this.#admission.allows(connection, this.#place.transport.clock.now())) {
      this.#place.onWarning(crowdedError(connection));
      return connection.destroy();
    }
    const offer = ++this.#lastOffer;
    const end = { role: 'acceptor', expected: undefined } as const;
    const meeting = new Meeting(connection, end, this.#place, (event) => this.#told(offer, event));
    this.#offers.set(offer, meeting);
    const crowdedOut = this.#admission.add(meeting);
    // Not a byte is read, and no key thought of, before there is a place.
    if (crowdedOut !== meeting) meeting.handshake.begin();
    if (crowdedOut === undefined) return;
    this.#place.onWarning(crowdedError(crowdedOut.connection));
    crowdedOut.handshake.refuse('ERR_LIMIT');
  }

  /** `state` says where we stand with who greeted. */
  welcome(offer: OfferId, state: (greeting: Greeting) => Standing): void {
    const meeting = this.#offers.get(offer);
    if (meeting?.greeting === undefined) return;
    const standing = state(meeting.greeting);
    meeting.link = standing.link;
    meeting.handshake.welcome(greetingOf(this.#place.self(), standing));
  }

  refuse(offer: OfferId, code: RejectionCode): void {
    const meeting = this.#offers.get(offer);
    meeting?.handshake.refuse(code);
    // It was complete already, and the rules have thought better of it.
    if (meeting?.rest !== undefined) {
      meeting.connection.destroy();
      this.forget(offer);
    }
  }

  /** Turns everybody away. Resolves when nothing is open. */
  async close(): Promise<void> {
    for (const offer of this.#offers.keys()) this.refuse(offer, 'ERR_REFUSED');
    if (this.#offers.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  /** Forgets a connection that became a link, or is gone. */
  forget(offer: OfferId): void {
    const meeting = this.#offers.get(offer);
    if (meeting === undefined) return;
    this.#offers.delete(offer);
    this.#admission.delete(meeting);
    if (this.#offers.size === 0) this.#onIdle?.();
  }

  #told(offer: OfferId, event: HandshakeEvent): void {
    const meeting = this.#offers.get(offer);
    if (meeting === undefined) return;
    switch (event.kind) {
      case 'ready':
        return;
      case 'greeted': {
        meeting.greeting = event.greeting;
        const { round } = event.greeting;
        return this.#onInput({ kind: 'offered', life: lifeOf(event.greeting), offer, round });
      }
      case 'linked':
        meeting.rest = event.rest;
        return this.#tell('confirmed', offer, meeting);
      case 'failed':
        return event.error && this.#place.onWarning(event.error);
      case 'over':
        this.forget(offer);
        return this.#tell('withdrawn', offer, meeting);
      default:
        return event satisfies never;
    }
  }

  #tell(kind: 'confirmed' | 'withdrawn', offer: OfferId, { greeting }: Meeting): void {
    if (greeting !== undefined) this.#onInput({ kind, life: lifeOf(greeting), offer });
  }
}
