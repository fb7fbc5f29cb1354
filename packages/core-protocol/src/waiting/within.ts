import pTimeout from 'p-timeout';
import { CableCarError } from '../errors/cablecar-error.ts';
import type { Clock, Millis, Timer } from '../ports/clock.ts';

/** How long a promise is waited for. */
export interface WaitOptions {
  /** Rejects with ERR_TIMEOUT after this long. @default Infinity (range above 0) */
  readonly timeoutMs?: Millis;
  /** Aborting rejects with `signal.reason`, unchanged. */
  readonly signal?: AbortSignal;
}

/**
 * Waits for a promise by the given clock; `what` completes the sentence "… did not happen within 50 ms".
 * Timer and abort listener are gone once it settles.
 * @throws {CableCarError} ERR_TIMEOUT, ERR_OPTION (rejects)
 */
export function within<T>(
  promise: Promise<T>,
  what: string,
  { clock, timeoutMs = Infinity, signal }: WaitOptions & { readonly clock: Clock },
): Promise<T> {
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0)) {
    promise.catch(() => {}); // nobody will hear of it
    return Promise.reject(
      new CableCarError(
        'ERR_OPTION',
        `timeoutMs is ${String(timeoutMs)}, expected a number of milliseconds above 0`,
      ),
    );
  }
  return pTimeout(promise, {
    milliseconds: timeoutMs,
    fallback: () => {
      throw new CableCarError(
        'ERR_TIMEOUT',
        `${what} did not happen within ${timeoutMs} ms, expected it to`,
      );
    },
    customTimers: timersOf(clock),
    ...(signal ? { signal } : {}),
  });
}

/** The clock in the form of the global timer functions, which is how p-timeout takes it. */
function timersOf(clock: Clock): NonNullable<Parameters<typeof pTimeout>[1]['customTimers']> {
  const timers = {
    setTimeout: (callback: () => void, delayMs: number) => clock.setTimer(delayMs, callback),
    clearTimeout: (timer: Timer | undefined) => timer?.cancel(),
  };
  return timers as never;
}
