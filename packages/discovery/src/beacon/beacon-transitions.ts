/**
 * Both states of the beacon, with what each input makes of it.
 * @see docs/protocol.md §2
 */
export const BEACON_TRANSITIONS = {
  silent: {
    start: ['announcing'],
    datagram: ['silent'],
    interfaces: ['silent'],
    changed: ['silent'],
    linked: ['silent'],
    unlinked: ['silent'],
    seek: ['silent'],
    resolved: ['silent'],
    stop: ['silent'],
    wake: ['silent'],
  },
  announcing: {
    start: ['announcing'],
    datagram: ['announcing'],
    interfaces: ['announcing'],
    changed: ['announcing'],
    linked: ['announcing'],
    unlinked: ['announcing'],
    seek: ['announcing'],
    resolved: ['announcing'],
    stop: ['silent'],
    wake: ['announcing'],
  },
} as const;

/** A state of the beacon. */
export type BeaconState = keyof typeof BEACON_TRANSITIONS;
