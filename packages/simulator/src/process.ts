import type { Millis, Timer } from '@cablecar/core-protocol';
import { Digest } from './digest.ts';
import type { Engine } from './engine.ts';
import type { ScheduledEvent, TimerOwner } from './event-queue.ts';
import type { Kernel } from './kernel.ts';
import { hashText, Prng } from './prng.ts';

/** What becomes of a program's sockets when it crashes. */
export type Farewell =
  /** The system closes them, as when a program is killed. */
  | 'close'
  /** The other ends are told of a reset. */
  | 'reset'
  /** The other ends hear nothing any more, as when the power fails. */
  | 'vanish';

/** Something that a program has open. */
export interface OpenHandle {
  readonly kind: 'timer' | 'datagrams' | 'listener' | 'connection' | 'dial';
  /** Which one, for people: endpoints, or when a timer is due. */
  readonly detail: string;
}

/** A socket of a process. */
export interface Handle {
  readonly kind: OpenHandle['kind'];
  readonly detail: string;
  /** The process is no more. */
  abandon(farewell: Farewell): void;
}

/** What a program saw, to tell states of the world apart. */
export const Sight = {
  timer: 1,
  datagram: 2,
  arrival: 3,
  acknowledgement: 4,
  accepted: 5,
  dialled: 6,
  closed: 7,
  answer: 8,
  held: 9,
  read: 10,
} as const;

const NO_TIMER: Timer = { cancel() {} };

/** One life of one program: its code runs in here, and all it has open ends with it. */
export class Process implements TimerOwner {
  readonly id: string;
  readonly kernel: Kernel;
  readonly engine: Engine;
  readonly salt: number;
  /** What its monotonic clock showed when the world began: another one for each, as on real machines. */
  readonly clockOrigin: Millis;
  readonly handles: Set<Handle> = new Set();
  readonly trace: Digest = new Digest();
  alive = true;
  /** Whether its sockets vanished with it, so that nobody answers what is sent to them. */
  vanished = false;
  readonly #seed: number;
  #random: Prng | undefined;
  #chance: Prng | undefined;
  #timersSet = 0;
  #dials = 0;
  #datagrams = 0;

  constructor(id: string, kernel: Kernel, seed: number) {
    this.id = id;
    this.kernel = kernel;
    this.engine = kernel.engine;
    this.salt = hashText(id);
    this.clockOrigin = hashText(`${seed} ${id}`) % 1_000_000;
    this.#seed = seed;
    kernel.owners.add(this);
  }

  /** What the program draws from. */
  get random(): Prng {
    return (this.#random ??= new Prng(this.#seed, `${this.id} random`));
  }

  /** What the network draws from for what the program sends. */
  get chance(): Prng {
    return (this.#chance ??= new Prng(this.#seed, `${this.id} network`));
  }

  /** Runs the program's code: now, or as soon as its host runs again. */
  enter(work: () => void): void {
    if (!this.alive) return;
    if (this.kernel.stalled) {
      this.kernel.putOff(() => this.enter(work));
      return;
    }
    this.engine.touched = true;
    work();
  }

  /** The same, as an event of its own, after the present one. */
  enterSoon(work: () => void): void {
    this.engine.schedule(this.engine.now, () => this.enter(work));
  }

  setTimer(delayMs: Millis, work: () => void): Timer {
    if (!this.alive) return NO_TIMER;
    const { engine, kernel } = this;
    const number = this.#timersSet++;
    const fire = (): void => {
      if (kernel.stalled) {
        kernel.putOffTimer(event);
        return;
      }
      this.saw(Sight.timer, number);
      engine.touched = true;
      work();
    };
    const event = engine.scheduleTimer(engine.now + (delayMs > 0 ? delayMs : 0), fire, this);
    return { cancel: () => engine.queue.remove(event) };
  }

  /** The timers that are set. */
  timers(): readonly ScheduledEvent[] {
    return this.engine.queue.events.filter(({ owner }) => owner === this);
  }

  /** A name for the next connection that the program dials. */
  nextDialId(): string {
    return `${this.id}#${++this.#dials}`;
  }

  /** A number for the next datagram that the program sends, which no other program gives. */
  nextDatagramNumber(): number {
    return (this.salt + ++this.#datagrams) | 0;
  }

  /** Notes what the program could tell states of the world apart by. */
  saw(what: number, detail: number | string): void {
    if (this.engine.chooser === undefined) return;
    this.trace.number(this.engine.now);
    this.trace.word(what);
    this.trace.word(typeof detail === 'string' ? hashText(detail) : detail);
  }

  die(farewell: Farewell): void {
    this.alive = false;
    this.vanished = farewell === 'vanish';
    this.kernel.owners.delete(this);
    for (const timer of this.timers()) this.engine.queue.remove(timer);
    for (const handle of [...this.handles]) handle.abandon(farewell);
    this.handles.clear();
  }
}
