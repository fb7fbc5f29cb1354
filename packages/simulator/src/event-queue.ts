import type { Millis } from '@cablecar/core-protocol';

/**
 * What kind of thing an event is, which also orders events of one instant: what arrives, then what the systems do by
 * time, then the programs' timers. So a program reads what has arrived before it judges by time.
 */
export const Rank = { arrival: 0, system: 1, timer: 2 } as const;

/** Whose timers keep their order among themselves. */
export interface TimerOwner {
  /** Decides whose timers come first when those of several owners are due at one instant. */
  readonly salt: number;
}

/** What is known of a {@link ScheduledEvent} beforehand. */
export interface EventPlan {
  readonly at: Millis;
  readonly rank: number;
  readonly tie: number;
  readonly seq: number;
  readonly owner: TimerOwner | undefined;
  readonly run: () => void;
}

/** One thing that will happen in the simulated world. A class, because all of them having one shape saves half the time. */
export class ScheduledEvent {
  at: Millis;
  readonly rank: number;
  /** Orders events of one instant and rank: seeded, so that no accidental order is relied upon. */
  tie: number;
  /** Orders the rest: the one scheduled first. */
  seq: number;
  /** Whose timer it is, if it is one. */
  readonly owner: TimerOwner | undefined;
  readonly run: () => void;
  /** Where the queue keeps it; −1 when it is not queued. */
  slot = -1;

  constructor({ at, rank, tie, seq, owner, run }: EventPlan) {
    this.at = at;
    this.rank = rank;
    this.tie = tie;
    this.seq = seq;
    this.owner = owner;
    this.run = run;
  }
}

/** Scheduled events, soonest first: a binary heap whose members know their place, so that any can be taken out. */
export class EventQueue {
  readonly #heap: ScheduledEvent[] = [];
  #arrivals = 0;

  /** Every event, in no particular order. */
  get events(): readonly ScheduledEvent[] {
    return this.#heap;
  }

  /** How many of the events are of rank `arrival`. */
  get arrivals(): number {
    return this.#arrivals;
  }

  /** The soonest, which stays. */
  peek(): ScheduledEvent | undefined {
    return this.#heap[0];
  }

  push(event: ScheduledEvent): void {
    if (event.rank === Rank.arrival) this.#arrivals++;
    this.#heap.push(event);
    this.#rise(event, this.#heap.length - 1);
  }

  /** Takes an event out; harmless when it is not in. */
  remove(event: ScheduledEvent): void {
    const { slot } = event;
    if (slot < 0) return;
    if (event.rank === Rank.arrival) this.#arrivals--;
    event.slot = -1;
    const last = this.#heap.pop()!;
    if (last === event) return;
    this.#rise(last, slot);
    this.#sink(last, last.slot);
  }

  #rise(event: ScheduledEvent, from: number): void {
    const heap = this.#heap;
    let slot = from;
    while (slot > 0) {
      const parent = heap[(slot - 1) >> 1]!;
      if (before(parent, event)) break;
      heap[slot] = parent;
      parent.slot = slot;
      slot = (slot - 1) >> 1;
    }
    heap[slot] = event;
    event.slot = slot;
  }

  #sink(event: ScheduledEvent, from: number): void {
    const heap = this.#heap;
    let slot = from;
    for (;;) {
      let child = 2 * slot + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      const below = heap[child]!;
      if (before(event, below)) break;
      heap[slot] = below;
      below.slot = slot;
      slot = child;
    }
    heap[slot] = event;
    event.slot = slot;
  }
}

function before(a: ScheduledEvent, b: ScheduledEvent): boolean {
  if (a.at !== b.at) return a.at < b.at;
  if (a.rank !== b.rank) return a.rank < b.rank;
  if (a.tie !== b.tie) return a.tie < b.tie;
  return a.seq < b.seq;
}
