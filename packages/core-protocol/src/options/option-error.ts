import { CableCarError } from '../errors/cablecar-error.ts';

/** An ERR_OPTION that names field, value and range. */
export function optionError(field: string, value: unknown, expected: string): CableCarError {
  return new CableCarError('ERR_OPTION', `${field} is ${String(value)}, expected ${expected}`);
}
