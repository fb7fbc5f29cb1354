import type { CableCarError, Clock, ErrorCode } from '@cablecar/core-protocol';
import { TokenBuckets } from './token-buckets.ts';

/** Warnings of one code: strangers must not be able to flood the program with them. */
const WARNINGS_OF_A_CODE = { size: 10, perSecond: 1 };
const MAX_CODES = 64;

/** Warnings of what strangers do: not too many of a kind, and none of what happens in every honest network. */
export class StrangerWarnings {
  readonly #clock: Clock;
  readonly #ordinary: ReadonlySet<ErrorCode>;
  readonly #onWarning: (error: CableCarError) => void;
  readonly #allowance = new TokenBuckets(WARNINGS_OF_A_CODE, MAX_CODES);

  constructor(
    clock: Clock,
    ordinary: ReadonlySet<ErrorCode>,
    onWarning: (error: CableCarError) => void,
  ) {
    this.#clock = clock;
    this.#ordinary = ordinary;
    this.#onWarning = onWarning;
  }

  warn(error: CableCarError): void {
    if (this.#ordinary.has(error.code)) return;
    if (this.#allowance.take(error.code, this.#clock.now())) this.#onWarning(error);
  }
}
