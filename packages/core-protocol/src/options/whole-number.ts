import { optionError } from './option-error.ts';

/** What a whole number may be. */
export interface WholeRange {
  readonly low: number;
  readonly high: number;
}

/**
 * The value of an option, if it is a whole number in its range.
 * @throws {CableCarError} ERR_OPTION, naming the field, the value and the range
 */
export function wholeNumber(field: string, value: unknown, { low, high }: WholeRange): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) {
    return value;
  }
  throw optionError(field, value, `a whole number from ${low} to ${high}`);
}
