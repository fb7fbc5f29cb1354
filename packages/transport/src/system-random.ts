import { randomBytes } from 'node:crypto';
import type { Random } from '@cablecar/core-protocol';

/** The system's randomness behind the port `Random`: bytes that nobody can guess, floats good enough for jitter. */
export const systemRandom: Random = {
  bytes: (length) => randomBytes(length),
  float: () => Math.random(),
};
