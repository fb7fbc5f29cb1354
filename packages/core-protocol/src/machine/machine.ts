import type { Millis } from '../ports/clock.ts';

/** Tells a machine that its deadline may have passed. A wake with nothing expired does nothing. */
export interface Wake {
  readonly kind: 'wake';
  /** The host slept since the machine's last deadline: what it knows of others may be long out of date. */
  readonly hasSlept?: boolean;
}

/** An output that is told to the user, after every action of the same step has been performed. */
export interface EventOutput<Event> {
  readonly kind: 'event';
  readonly event: Event;
}

/**
 * Rules without sockets, clocks or chance: inputs and time go in, outputs come out.
 * Deadlines may change with every `handle()` and only then.
 */
export interface Machine<Input, Output> {
  handle(input: Input | Wake, now: Millis): readonly Output[];
  /** The moment at which the machine wants a wake, if any. */
  nextDeadline(): Millis | undefined;
}
