import {
  CableCarError,
  decodeGreeting,
  formatEndpoint,
  PROTOCOL_VERSION,
  type Endpoint,
  type Greeting,
  type PeerId,
  type Rejection,
  type RejectionCode,
} from '@cablecar/core-protocol';
import type { Credentials } from './credentials.ts';

/** What the other end's greeting is held against. */
export interface OwnSide {
  readonly id: PeerId;
  readonly service: string;
  /** Where the other end is. */
  readonly remote: Endpoint;
}

/** The greeting in a payload, or what keeps us from believing it. Of a stranger's not a byte is looked at. */
export function believableGreeting(
  payload: Uint8Array,
  credentials: Credentials,
  side: OwnSide,
): Greeting | CableCarError {
  const lack = credentials.lack();
  if (lack !== undefined) return lack;
  const greeting = decodeGreeting(payload);
  if (CableCarError.is(greeting)) return greeting;
  return credentials.fault(greeting) ?? greetingFault(greeting, side) ?? greeting;
}

/** What a REJECT says to the people at the other end. */
export function reasonOf(code: RejectionCode, { service }: OwnSide): string {
  switch (code) {
    case 'ERR_HANDSHAKE':
      return 'it expected a handshake';
    case 'ERR_VERSION_MISMATCH':
      return `it speaks version ${PROTOCOL_VERSION}`;
    case 'ERR_SERVICE_MISMATCH':
      return `its service is '${service}'`;
    case 'ERR_SELF':
      return 'it is the same program';
    case 'ERR_DUPLICATE_LINK':
      return 'there is another connection with it';
    case 'ERR_REFUSED':
      return 'it meets nobody else now';
    case 'ERR_LIMIT':
      return 'it has as many peers as it takes';
    case 'ERR_IDENTITY':
      return 'the key is not that of the id';
    case 'ERR_SECRET':
      return 'its secret is another, or only one of the two has any';
    case 'ERR_UNTRUSTED':
      return 'it does not trust this program';
    default:
      return code satisfies never;
  }
}

/** It did something that is not how a handshake goes. */
export function misstep(
  { remote }: OwnSide,
  { did, expected, cause }: { did: string; expected: string; cause: CableCarError | undefined },
): CableCarError {
  const sentence = `${formatEndpoint(remote)} ${did}, expected ${expected}`;
  return new CableCarError('ERR_HANDSHAKE', sentence, cause === undefined ? {} : { cause });
}

/** It did nothing. */
export function silence({ remote }: OwnSide): CableCarError {
  const seen = `${formatEndpoint(remote)} was silent in a handshake`;
  return new CableCarError('ERR_HANDSHAKE_TIMEOUT', `${seen}, expected it to be complete by now`);
}

/** It turned us away. */
export function rejection({ remote }: OwnSide, { code, reason }: Rejection): CableCarError {
  const seen = `${formatEndpoint(remote)} turned the connection away (${reason})`;
  return new CableCarError(code, `${seen}, expected a welcome`);
}

/** What keeps a link from being made with the sender of this greeting. */
function greetingFault(
  greeting: Greeting,
  { id, service, remote }: OwnSide,
): CableCarError | undefined {
  const who = formatEndpoint(remote);
  if (greeting.service !== service) {
    const sentence = `the service of ${who} is '${greeting.service}', expected '${service}'`;
    return new CableCarError('ERR_SERVICE_MISMATCH', sentence);
  }
  if (greeting.id !== id) return undefined;
  return new CableCarError('ERR_SELF', `${who} is this program itself, expected another`);
}
