import { LOCAL_ERRORS } from './local-errors.ts';
import { REMOTE_ERRORS } from './remote-errors.ts';
import { SYSTEM_ERRORS } from './system-errors.ts';

/** Every error code there is. The type, the docs page and the tests are made from this table. */
export const ERROR_CODES: typeof LOCAL_ERRORS & typeof REMOTE_ERRORS & typeof SYSTEM_ERRORS = {
  ...LOCAL_ERRORS,
  ...REMOTE_ERRORS,
  ...SYSTEM_ERRORS,
};

/** The code of a {@link CableCarError}. */
export type ErrorCode = keyof typeof ERROR_CODES;
