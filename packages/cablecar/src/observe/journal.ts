import {
  NOTE_KINDS,
  plainNote,
  wholeNumber,
  type Clock,
  type Note,
  type Observer,
  type PeerId,
  type PlainNote,
} from '@cablecar/core-protocol';

/** Something that happened, and when: ISO 8601, to the millisecond. */
export interface LoggedEvent extends PlainNote {
  readonly at: string;
}

/** How often each kind of event has happened. */
export type EventCounts = Readonly<Record<Note['kind'], number>>;

const MAX_CAPACITY = 65_536;

/** Keeps the latest of what an observer is told, counts all of it, and passes it on. */
export class Journal implements Observer {
  /** The peers that are silent or away now. */
  readonly suspects: Set<PeerId> = new Set();
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #next: Observer;
  /** Oldest first from `#begin` on, and around. */
  readonly #ring: LoggedEvent[] = [];
  #begin = 0;
  readonly #counts = Object.fromEntries(NOTE_KINDS.map((kind) => [kind, 0])) as Record<
    Note['kind'],
    number
  >;

  /** @throws {CableCarError} ERR_OPTION where the capacity is out of its range */
  constructor(clock: Clock, capacity: number, next: Observer) {
    this.#clock = clock;
    this.#capacity = wholeNumber('eventLogSize', capacity, { low: 0, high: MAX_CAPACITY });
    this.#next = next;
  }

  get counts(): EventCounts {
    return { ...this.#counts };
  }

  /** The latest events, oldest first. */
  events(): LoggedEvent[] {
    return [...this.#ring.slice(this.#begin), ...this.#ring.slice(0, this.#begin)];
  }

  note(note: Note): void {
    this.#counts[note.kind]++;
    if (note.kind === 'suspect') this.suspects.add(note.peer.id);
    else if (note.kind === 'resume' || note.kind === 'lost') this.suspects.delete(note.peer.id);
    if (this.#capacity > 0) this.#keep(note);
    this.#next.note(note);
  }

  #keep(note: Note): void {
    const event = { at: new Date(this.#clock.wallNow()).toISOString(), ...plainNote(note) };
    if (this.#ring.length < this.#capacity) {
      this.#ring.push(event);
      return;
    }
    this.#ring[this.#begin] = event;
    this.#begin = (this.#begin + 1) % this.#capacity;
  }
}
