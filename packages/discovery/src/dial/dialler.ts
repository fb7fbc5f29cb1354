import { CableCarError, type Endpoint, type Greeting } from '@cablecar/core-protocol';
import type { DialInput } from './dial-types.ts';
import type { HandshakeEvent } from '../handshake/handshake-types.ts';
import { idOf, lifeOf, type Life } from '../life.ts';
import { Meeting, type MeetingPlace } from '../handshake/meeting.ts';
import { greetingOf, type Standing } from '../self.ts';

/** A dial, before and after there is a connection. */
interface Outgoing {
  readonly abort: AbortController;
  meeting: Meeting | undefined;
}

/** Whom a dialler tells. */
export interface DiallerListener {
  /** What the rules of dialling are to know. */
  onInput(input: DialInput): void;
  /** A handshake is complete. */
  onMet(meeting: Meeting): void;
}

/** The dials that are under way, at most one to each life of a peer. */
export class Dialler {
  readonly #place: MeetingPlace;
  readonly #listener: DiallerListener;
  readonly #outgoing = new Map<Life, Outgoing>();

  constructor(place: MeetingPlace, listener: DiallerListener) {
    this.#place = place;
    this.#listener = listener;
  }

  meetingOf(life: Life): Meeting | undefined {
    return this.#outgoing.get(life)?.meeting;
  }

  dial(life: Life, endpoint: Endpoint): void {
    const { transport, handshakeTimeoutMs: timeoutMs } = this.#place;
    const abort = new AbortController();
    const outgoing: Outgoing = { abort, meeting: undefined };
    this.#outgoing.set(life, outgoing);
    transport.dial(endpoint, { signal: abort.signal, timeoutMs }).then(
      (connection) => {
        if (abort.signal.aborted) return connection.destroy();
        const end = { role: 'dialler', expected: idOf(life) } as const;
        outgoing.meeting = new Meeting(connection, end, this.#place, (event, meeting) => {
          // Of a dial that was given up nothing is wanted any more.
          if (this.#outgoing.get(life) === outgoing) this.#told(life, event, meeting);
        });
        outgoing.meeting.handshake.begin();
      },
      (cause: unknown) => {
        if (abort.signal.aborted) return;
        this.#fail(
          life,
          CableCarError.from(cause, 'ERR_SYSTEM', 'a dial failed, expected to connect'),
        );
      },
    );
  }

  greet(life: Life, state: Standing): void {
    const meeting = this.meetingOf(life);
    if (meeting === undefined) return;
    meeting.link = state.link;
    meeting.handshake.greet(greetingOf(this.#place.self(), state));
  }

  confirm(life: Life): void {
    this.meetingOf(life)?.handshake.confirm();
  }

  /** Forgets a dial whose connection became a link. */
  forget(life: Life): void {
    this.#outgoing.delete(life);
  }

  abandon(life: Life): void {
    const outgoing = this.#outgoing.get(life);
    this.#outgoing.delete(life);
    outgoing?.abort.abort();
    outgoing?.meeting?.handshake.refuse('ERR_REFUSED');
  }

  #told(life: Life, event: HandshakeEvent, meeting: Meeting): void {
    switch (event.kind) {
      case 'ready':
        return this.#listener.onInput({ kind: 'connected', life });
      case 'greeted':
        meeting.greeting = event.greeting;
        if (lifeOf(event.greeting) !== life) return this.#foundOther(life, event.greeting, meeting);
        return this.#listener.onInput({ kind: 'welcomed', life, round: event.greeting.round });
      case 'linked':
        meeting.rest = event.rest;
        return this.#listener.onMet(meeting);
      case 'failed':
        return event.error && this.#fail(life, event.error);
      case 'over':
        return;
      default:
        return event satisfies never;
    }
  }

  #fail(life: Life, error: CableCarError): void {
    const round = this.meetingOf(life)?.round;
    this.#outgoing.delete(life);
    this.#place.onWarning(error);
    // Where READY was already decided on, it is a link that never came to be.
    if (round === undefined) this.#listener.onInput({ kind: 'failed', life, code: error.code });
    else this.#listener.onInput({ kind: 'unlinked', life, round, parted: false });
  }

  /** Another program than the one sighted answers there: the one is gone, the other is to be dialled itself. */
  #foundOther(life: Life, greeting: Greeting, { connection }: Meeting): void {
    this.abandon(life);
    this.#listener.onInput({ kind: 'gone', life });
    this.#listener.onInput({ kind: 'failed', life, code: 'ERR_REFUSED' });
    const { remote: endpoint } = connection;
    this.#listener.onInput({ kind: 'sighted', life: lifeOf(greeting), endpoint });
  }
}
