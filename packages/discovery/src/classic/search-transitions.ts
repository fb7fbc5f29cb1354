import type { AddressState } from './search-types.ts';

/** Where things stand with one address, or that nothing is known of it. */
export type AddressStateName = AddressState['kind'] | 'unknown';

/**
 * Every state of one address, with what each input that names it may make of it.
 * @see docs/protocol.md §9.1
 */
export const CLASSIC_SEARCH_TRANSITIONS = {
  unknown: {
    datagram: ['heard', 'unknown'],
    accepted: ['linked', 'unknown'],
    dialled: ['unknown'],
    failed: ['unknown'],
    unlinked: ['unknown'],
    stop: ['unknown'],
    wake: ['unknown'],
  },
  heard: {
    datagram: ['heard', 'due'],
    accepted: ['linked', 'heard'],
    dialled: ['heard'],
    failed: ['heard'],
    unlinked: ['heard'],
    stop: ['unknown'],
    wake: ['heard', 'unknown'],
  },
  due: {
    datagram: ['due'],
    accepted: ['linked', 'due'],
    dialled: ['due'],
    failed: ['due'],
    unlinked: ['due'],
    stop: ['unknown'],
    wake: ['due', 'dialling', 'heard', 'unknown'],
  },
  dialling: {
    datagram: ['dialling'],
    accepted: ['crossing', 'dialling'],
    dialled: ['settling'],
    failed: ['resting'],
    unlinked: ['dialling'],
    stop: ['unknown'],
    wake: ['dialling'],
  },
  settling: {
    datagram: ['settling'],
    accepted: ['linked'],
    dialled: ['settling'],
    failed: ['settling'],
    unlinked: ['settling', 'resting', 'parted'],
    stop: ['unknown'],
    wake: ['settling', 'linked'],
  },
  resting: {
    datagram: ['resting', 'heard'],
    accepted: ['linked', 'resting'],
    dialled: ['resting'],
    failed: ['resting'],
    unlinked: ['resting'],
    stop: ['unknown'],
    wake: ['resting', 'unknown'],
  },
  parted: {
    datagram: ['parted'],
    accepted: ['linked', 'parted'],
    dialled: ['parted'],
    failed: ['parted'],
    unlinked: ['parted'],
    stop: ['unknown'],
    wake: ['parted', 'unknown'],
  },
  linked: {
    datagram: ['linked'],
    accepted: ['linked'],
    dialled: ['linked'],
    failed: ['linked'],
    unlinked: ['linked', 'parted', 'unknown'],
    stop: ['linked'],
    wake: ['linked'],
  },
  crossing: {
    datagram: ['crossing'],
    accepted: ['crossing'],
    dialled: ['linked'],
    failed: ['linked'],
    unlinked: ['crossing', 'dialling', 'parted'],
    stop: ['crossing'],
    wake: ['crossing'],
  },
} as const;
