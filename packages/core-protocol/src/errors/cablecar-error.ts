import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import type { ErrorOrigin, ErrorSpec } from './error-spec.ts';

const BRAND = Symbol.for('cablecar.error');

/** What goes into a {@link CableCarError} beside its code and sentence. */
export interface CableCarErrorDetails {
  /** The error beneath this one, such as the operating system's. */
  readonly cause?: unknown;
}

/**
 * The one error class: `[CODE] what was seen, what was expected`.
 * Match on `code`; the sentence is for people and may change.
 * @see docs/errors.md
 */
export class CableCarError extends Error {
  /** A stable code, `ERR_…`. */
  readonly code: ErrorCode;
  /** Whose doing it was: this program's, a peer's, or the system's. */
  readonly origin: ErrorOrigin;

  constructor(code: ErrorCode, sentence: string, details: CableCarErrorDetails = {}) {
    super(`[${code}] ${sentence}`, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    const spec: ErrorSpec = ERROR_CODES[code];
    this.origin = spec.origin;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Whether a value is a CableCarError (of the given code), also when another copy of this package made it. */
  static is(value: unknown, code?: ErrorCode): value is CableCarError {
    if (typeof value !== 'object' || value === null || !(BRAND in value)) return false;
    return code === undefined || (value as unknown as CableCarError).code === code;
  }

  /** The value itself when it is a CableCarError, else a new one of the given code that has it as its cause. */
  static from(value: unknown, code: ErrorCode, sentence: string): CableCarError {
    return CableCarError.is(value) ? value : new CableCarError(code, sentence, { cause: value });
  }
}

Object.defineProperty(CableCarError.prototype, 'name', { value: 'CableCarError' });
