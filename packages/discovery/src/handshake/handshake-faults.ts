import {
  CableCarError,
  formatEndpoint,
  PROTOCOL_VERSION,
  type Endpoint,
  type Greeting,
  type PeerId,
  type RejectionCode,
} from '@cablecar/core-protocol';

/** What the other end's greeting is held against. */
export interface OwnSide {
  readonly id: PeerId;
  readonly service: string;
  /** Where the other end is. */
  readonly remote: Endpoint;
}

/** What keeps a link from being made with the sender of this greeting. */
export function greetingFault(
  greeting: Greeting | CableCarError,
  { id, service, remote }: OwnSide,
): CableCarError | undefined {
  if (CableCarError.is(greeting)) return greeting;
  const who = formatEndpoint(remote);
  if (greeting.service !== service) {
    const sentence = `the service of ${who} is '${greeting.service}', expected '${service}'`;
    return new CableCarError('ERR_SERVICE_MISMATCH', sentence);
  }
  if (greeting.id !== id) return undefined;
  return new CableCarError('ERR_SELF', `${who} is this program itself, expected another`);
}

/** What a REJECT says to the people at the other end. */
export function rejectionReason(code: RejectionCode, { service }: OwnSide): string {
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
    default:
      return code satisfies never;
  }
}
