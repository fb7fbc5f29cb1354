import { CableCarError } from '@cablecar/core-protocol';

/** What a link ends by whose place a newer one took. */
export function displacedError(): CableCarError {
  const sentence = 'the peer made a newer connection, expected the old one to be gone';
  return new CableCarError('ERR_CONNECTION_LOST', sentence);
}
