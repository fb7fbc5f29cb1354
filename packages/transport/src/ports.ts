import { CableCarError } from '@cablecar/core-protocol';

/**
 * Refuses what is no port number, before the system does in its own words.
 * @throws {CableCarError} ERR_OPTION
 */
export function requirePort(port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new CableCarError('ERR_OPTION', `port was ${port}, expected an integer from 0 to 65535`);
}
