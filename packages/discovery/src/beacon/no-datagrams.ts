import type { DatagramCounts } from './beacon-types.ts';

/** The counts of somebody to whom no datagram has come yet. */
export function noDatagrams(): DatagramCounts {
  return {
    received: 0,
    foreign: 0,
    malformed: 0,
    otherService: 0,
    own: 0,
    untrusted: 0,
    limited: 0,
  };
}
