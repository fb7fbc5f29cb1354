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
   * a core. @default false
   */
  readonly busy?: boolean;
  /** The time to run by. @default the system's */
  readonly clock?: Clock;
}

/** What a frame is told. */
export interface Frame {
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
  tick: (frame: Frame) => void | boolean,
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
      try {
        if (tick({ number: number++, deltaMs: now - last }) === false) return resolve();
      } catch (error) {
        return reject(error);
      }
      last = now;
      due += period;
      const after = clock.now();
      if (due < after) due = after; // a stall: go on from here, do not catch up
      wait();
    };
    const wait = (): void => {
      if (busy) setImmediate(frame);
      else clock.setTimer(due - clock.now(), frame);
    };
    frame();
  });
}
