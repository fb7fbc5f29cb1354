import { CableCarError, type Clock, type Millis } from '@cablecar/core-protocol';
import { systemClock } from '@cablecar/transport';

/** How a frame loop runs. */
export interface GameLoopOptions {
  /** Frames a second. @default 60 (range above 0 to 1_000) */
  readonly hz?: number;
  /** Aborting ends the loop after the frame under way. */
  readonly signal?: AbortSignal;
  /**
   * Keeps the event loop turning between frames instead of sleeping: what arrives is taken in at once, at the price of
   * a core. Only on the system's clock; a simulated one is never late. @default false
   */
  readonly busy?: boolean;
  /** The time to run by: `transport.clock` of what the game was joined with, so that it also runs simulated. @default the system's */
  readonly clock?: Clock;
}

/** What a frame is told. */
export interface Tick {
  /** Counts from 0; a stall skips no number. */
  readonly number: number;
  /** Milliseconds since the frame before began; one period for the first. */
  readonly deltaMs: Millis;
}

/**
 * Runs `tick` at a steady rate, without drift and without a burst after a stall, and lets sockets breathe in between.
 * Resolves when `signal` aborts or `tick` answers false; rejects with what `tick` throws.
 * @throws {CableCarError} ERR_OPTION
 */
export function gameLoop(
  { hz = 60, signal, busy = false, clock = systemClock }: GameLoopOptions,
  tick: (frame: Tick) => void | boolean,
): Promise<void> {
  if (!(hz > 0 && hz <= 1_000)) {
    throw new CableCarError(
      'ERR_OPTION',
      `hz is ${String(hz)}, expected a number above 0, up to 1000`,
    );
  }
  const period = 1_000 / hz;
  return new Promise((resolve, reject) => {
    let due = clock.now();
    let last = due - period;
    let number = 0;
    const frame = (): void => {
      if (signal?.aborted) return resolve();
      const now = clock.now();
      if (now < due) return wait();
      if (now - due >= period) due = now; // a stall: go on from here, do not catch up
      try {
        if (tick({ number: number++, deltaMs: now - last }) === false) return resolve();
      } catch (error) {
        return reject(error);
      }
      last = now;
      due += period;
      const after = clock.now();
      if (due < after) due = after; // a tick that takes longer than its period
      wait();
    };
    const wait = (): void => {
      if (busy && clock === systemClock) setImmediate(frame);
      else clock.setTimer(due - clock.now(), frame);
    };
    frame();
  });
}
