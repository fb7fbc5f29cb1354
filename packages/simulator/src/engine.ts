import { CableCarError, type Millis } from '@cablecar/core-protocol';
import {
  type EventPlan,
  EventQueue,
  Rank,
  ScheduledEvent,
  type TimerOwner,
} from './event-queue.ts';
import { Prng } from './prng.ts';

/** Decides what happens next where several things could, in place of their times. */
export interface Chooser {
  /** Whether timers may overtake what is on its way. */
  readonly raceTimers: boolean;
  /** Set once nothing new can come of this run, which then ends with an error. */
  readonly stopped: boolean;
  /** One of the alternatives, as an index; `state` tells states of the world apart. */
  choose(alternatives: number, state: () => number): number;
}

/** Moments are multiples of this, a power of two, so that sums and differences of moments are exact. */
const GRAIN_MS = 1 / 1024;

/** More events than this without time moving on are a loop that would never end. */
const EVENTS_AN_INSTANT = 300_000;

/** Virtual time: what will happen, in which order, and the end of each turn. Knows nothing of networks. */
export class Engine {
  now: Millis = 0;
  /** Set by whoever runs a program's code, so that the turn is brought to its end before the next event. */
  touched = false;
  /** Tells states of the world apart, for a chooser. */
  state: () => number = () => 0;
  readonly queue: EventQueue = new EventQueue();
  readonly chooser: Chooser | undefined;
  readonly #ties: Prng;
  #callbacks: (() => void)[] = [];
  #sequence = 0;
  #instantEvents = 0;

  constructor(seed: number, chooser: Chooser | undefined) {
    this.#ties = new Prng(seed, 'ties');
    this.chooser = chooser;
  }

  /** Whether nothing would ever happen again. A run that was stopped is not over: the next step ends it with an error. */
  get over(): boolean {
    return this.queue.peek() === undefined && this.chooser?.stopped !== true;
  }

  /** Schedules something for a moment, or for at once if the moment has passed. */
  schedule(at: Millis, run: () => void, rank: number = Rank.arrival): ScheduledEvent {
    return this.#push({
      at: this.#onGrain(at),
      run,
      rank,
      tie: this.#ties.uint32() >>> 2,
      seq: this.#sequence++,
      owner: undefined,
    });
  }

  /** Schedules a program's timer. */
  scheduleTimer(at: Millis, run: () => void, owner: TimerOwner): ScheduledEvent {
    // Those of one owner that are due together keep their order; those of different owners have none.
    const tie = Math.imul(owner.salt ^ (at / GRAIN_MS), 0x9e3779b1) >>> 2;
    return this.#push({
      at: this.#onGrain(at),
      run,
      rank: Rank.timer,
      tie,
      seq: this.#sequence++,
      owner,
    });
  }

  /** Schedules an event anew, behind everything that is already scheduled for that moment and was put off as well. */
  putOff(event: ScheduledEvent, until: Millis): void {
    this.queue.remove(event);
    event.at = this.#onGrain(until);
    event.tie = 0;
    event.seq = this.#sequence++;
    this.queue.push(event);
  }

  /** Moves the timers of some owners back, in their order. */
  postpone(of: (owner: TimerOwner) => boolean, byMs: Millis): void {
    const timers = this.queue.events.filter(({ owner }) => owner && of(owner));
    for (const timer of timers.sort(byMomentAndSequence)) this.putOff(timer, timer.at + byMs);
  }

  /** Lets time pass in which nothing happens. */
  idle(until: Millis): void {
    if (until < Infinity) this.now = this.#onGrain(until);
  }

  /** Calls back once the present turn's work is done. */
  endOfTurn(callback: () => void): void {
    this.#callbacks.push(callback);
  }

  /**
   * Lets the promises of the present turn run dry, then the callbacks for its end, until nothing is left.
   * `process.nextTick` comes when the microtask queue is empty, however long the chains in it were.
   */
  finishTurn(): Promise<void> {
    this.touched = false;
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        try {
          if (!this.#callBack()) return resolve();
        } catch (error) {
          return reject(error);
        }
        // A tick asked for by a tick comes before the microtasks; one asked for by a microtask comes after all of them.
        queueMicrotask(() => process.nextTick(finish));
      };
      process.nextTick(finish);
    });
  }

  /** The next event up to a moment, taken out of the queue; time has moved on to it. */
  take(until: Millis): ScheduledEvent | undefined {
    if (this.chooser?.stopped) {
      throw new CableCarError('ERR_STATE', 'the run was stopped, expected nothing more of it');
    }
    const event = this.chooser ? this.#chosen(this.chooser, until) : this.queue.peek();
    // A chooser delivers without regard to times on the way, so that states do not differ by them.
    const timeless = this.chooser !== undefined && event?.rank === Rank.arrival;
    if (event === undefined || (event.at > until && !timeless)) return undefined;
    this.queue.remove(event);
    if (event.at > this.now && !timeless) {
      this.now = event.at;
      this.#instantEvents = 0;
    } else if (++this.#instantEvents > EVENTS_AN_INSTANT) {
      const seen = `time stood still at ${this.now} ms for ${EVENTS_AN_INSTANT} events`;
      throw new CableCarError('ERR_STATE', `${seen}, expected an end of them`);
    }
    return event;
  }

  #push(plan: EventPlan): ScheduledEvent {
    const event = new ScheduledEvent(plan);
    this.queue.push(event);
    return event;
  }

  #onGrain(at: Millis): Millis {
    return Math.max(this.now, Math.ceil(at / GRAIN_MS) * GRAIN_MS);
  }

  #chosen(chooser: Chooser, until: Millis): ScheduledEvent | undefined {
    const enabled = this.#enabled(chooser.raceTimers, until);
    if (enabled.length === 0) return undefined;
    return enabled[chooser.choose(enabled.length, this.state)];
  }

  /** What could happen next: anything that is on its way, and, when it is its turn, what waits for the soonest moment. */
  #enabled(raceTimers: boolean, until: Millis): ScheduledEvent[] {
    const arrivals: ScheduledEvent[] = [];
    let due: ScheduledEvent[] = [];
    for (const event of this.queue.events) {
      if (event.rank === Rank.arrival) arrivals.push(event);
      else if (event.at <= until) {
        const order = due[0] ? byMoment(event, due[0]) : -1;
        if (order < 0) due = [event];
        else if (order === 0) due.push(event);
      }
    }
    const enabled = arrivals.sort(bySequence);
    if (enabled.length > 0 && !raceTimers) return enabled;
    const owners = new Set<TimerOwner>();
    for (const event of due.sort(bySequence)) {
      if (event.owner && owners.has(event.owner)) continue;
      if (event.owner) owners.add(event.owner);
      enabled.push(event);
    }
    return enabled;
  }

  #callBack(): boolean {
    const callbacks = this.#callbacks;
    if (callbacks.length === 0) return false;
    this.#callbacks = [];
    let thrown: { readonly error: unknown } | undefined;
    for (const callback of callbacks) {
      try {
        callback();
      } catch (error) {
        thrown ??= { error };
      }
    }
    if (thrown) throw thrown.error;
    return true;
  }
}

function byMoment(a: ScheduledEvent, b: ScheduledEvent): number {
  return a.at - b.at || a.rank - b.rank;
}

function byMomentAndSequence(a: ScheduledEvent, b: ScheduledEvent): number {
  return byMoment(a, b) || bySequence(a, b);
}

function bySequence(a: ScheduledEvent, b: ScheduledEvent): number {
  return a.seq - b.seq;
}
