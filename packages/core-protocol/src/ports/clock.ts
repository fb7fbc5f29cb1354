/** A moment or a duration in milliseconds; moments are monotonic and have no calendar. */
export type Millis = number;

/** A timer that has been set. */
export interface Timer {
  /** Forgets the timer; harmless when it has fired or was cancelled. */
  cancel(): void;
}

/** Time, as far as the rest may know of it. */
export interface Clock {
  /** The present moment: monotonic, not the time of day. */
  now(): Millis;
  /** The time of day in milliseconds since 1970; only for telling sleep (a jump against `now()`) and new epochs. */
  wallNow(): Millis;
  /**
   * Calls back once after at least `delayMs`, and only after the sockets have been polled once since it fell due,
   * so that a stalled process reads what already waits before it judges anybody.
   */
  setTimer(delayMs: Millis, callback: () => void): Timer;
  /** Calls back when the present turn's work is done and before the next input; for writing once a turn. */
  endOfTurn(callback: () => void): void;
}
