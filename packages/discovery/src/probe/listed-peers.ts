import { optionError, type Endpoint, type WireName } from '@cablecar/core-protocol';
import { USER_PORTS } from '../user-ports.ts';

const MAX_LISTED = 64;
const HOST = /^[a-z\d_]([a-z\d_.-]*[a-z\d_])?\.?$/i;

/**
 * The entries of `peers`, if all are hosts or hosts with a port.
 * @throws {CableCarError} ERR_OPTION
 */
export function checkedPeers(value: unknown, wire: WireName): readonly string[] {
  const isList = Array.isArray(value) && value.length <= MAX_LISTED;
  if (!isList) throw optionError('peers', value, `a list of at most ${MAX_LISTED} hosts`);
  if (wire !== 'native' && value.length > 0) {
    throw optionError('peers', value, `none on the ${wire} wire`);
  }
  for (const entry of value) {
    if (typeof entry === 'string' && endpointOf(entry, USER_PORTS.low) !== undefined) continue;
    const expected = `entries like 'host', '10.0.0.2:18222' or '[fd00::1]:18222', ports from ${USER_PORTS.low}`;
    throw optionError('peers', JSON.stringify(entry), expected);
  }
  return value as readonly string[];
}

/** Where to ask for an entry: at its own port, or at the one that everybody hears broadcasts on. Undefined if malformed. */
export function endpointOf(entry: string, groupPort: number): Endpoint | undefined {
  const bracketed = /^\[([\da-f]*:[\da-f:.]+(?:%[\w.-]+)?)\](?::(\d{1,5}))?$/i.exec(entry);
  const plain = /^([^:]*)(?::(\d{1,5}))?$/.exec(entry);
  const bare = /^[\da-f:.]+(%[\w.-]+)?$/i.test(entry) && entry.split(':').length > 2;
  const [, host = '', digits] = bare ? ['', entry] : (bracketed ?? plain ?? []);
  const port = digits === undefined ? groupPort : Number(digits);
  const isHost = bare || bracketed !== null || isName(host);
  return isHost && port >= USER_PORTS.low && port <= USER_PORTS.high ? { host, port } : undefined;
}

/** A name, or an IPv4 address: four numbers up to 255. */
function isName(host: string): boolean {
  if (host.length > 253 || !HOST.test(host)) return false;
  if (!/^[\d.]+$/.test(host)) return true;
  const parts = host.split('.');
  return parts.length === 4 && parts.every((part) => part !== '' && Number(part) <= 255);
}
