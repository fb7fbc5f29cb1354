/** What goes wrong with hosts and the network, while programs go on. */
export const TROUBLES = [
  'cut',
  'stall',
  'sleep',
  'clock jump',
  'partition',
  'one-way partition',
  'flap',
  'unplug',
  'readdress',
  'firewall',
] as const;

/** Everything that can go wrong. */
export const FAULTS = [...TROUBLES, 'crash', 'leave', 'close one', 'destroy one'] as const;

export type FaultName = (typeof FAULTS)[number];
