import {
  CableCarError,
  MAX_BEACON_BYTES,
  type Endpoint,
  type SharedSecret,
} from '@cablecar/core-protocol';

/** `CCAS`, and the version of this protocol. */
const HEADER = Buffer.from([0x43, 0x43, 0x41, 0x53, 1]);
/** How many bytes longer a beacon is for being sealed: the header, a nonce and a tag. */
export const SEAL_BYTES: number = HEADER.length + 28;
/** How many addresses are told of; from there on nobody reads it any more. */
const MAX_TOLD = 64;

/**
 * Beacons that only those with the same secret can read or make: everything about them is inside, the service and the
 * id too. That a beacon was once theirs is all it shows; sent again by somebody else it leads to a dial, and that to
 * nothing.
 * @see docs/protocol.md §2.6
 */
export class SealedBeacons {
  readonly #secret: SharedSecret;
  readonly #onWarning: (error: CableCarError) => void;
  readonly #told = new Set<string>();

  constructor(secret: SharedSecret, onWarning: (error: CableCarError) => void) {
    this.#secret = secret;
    this.#onWarning = onWarning;
  }

  seal(beacon: Uint8Array): Uint8Array {
    return Buffer.concat([HEADER, this.#secret.seal(beacon)]);
  }

  /** The beacon in a datagram; undefined where none of ours is. */
  open(datagram: Uint8Array, { host }: Endpoint): Uint8Array | undefined {
    if (datagram.length > MAX_BEACON_BYTES || !isSealed(datagram)) return undefined;
    const beacon = this.#secret.unseal(datagram.subarray(HEADER.length));
    if (beacon === undefined) this.#tell(host);
    return beacon;
  }

  /** Once for each address: it may be a slip of the pen, or other people's business for as long as they like. */
  #tell(host: string): void {
    if (this.#told.has(host) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(host);
    const sentence = `a beacon from ${host} is sealed with another secret, expected ours if it is to meet us`;
    this.#onWarning(new CableCarError('ERR_SECRET', sentence));
  }
}

/** Whether a datagram says that it is a sealed beacon. */
export function isSealed(datagram: Uint8Array): boolean {
  return HEADER.equals(datagram.subarray(0, HEADER.length));
}
