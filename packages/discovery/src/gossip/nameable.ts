import type { Endpoint, NetworkInterface } from '@cablecar/core-protocol';
import { isOnLink } from '../beacon/on-link.ts';
import { USER_PORTS } from '../user-ports.ts';

/** Networks that nobody on the internet has: of homes and offices, of providers' customers, without any server. */
const PRIVATE =
  /^(10|192\.168|172\.(1[6-9]|2\d|3[01])|169\.254|100\.(6[4-9]|[789]\d|1[01]\d|12[0-7]))\./;
const LOOPBACK = /^127\./;

/**
 * Whether what a peer names may be asked: a neighbour or a private address, and no loopback but that of whoever names it
 * from there.
 */
export function isNameable(
  { host, port }: Endpoint,
  namedBy: string,
  interfaces: readonly NetworkInterface[],
): boolean {
  if (port < USER_PORTS.low) return false;
  if (LOOPBACK.test(host)) return LOOPBACK.test(namedBy);
  if (interfaces.some(({ broadcast }) => broadcast === host)) return false;
  return PRIVATE.test(host) || isOnLink(host, interfaces);
}
