import type { Evidence, HostEvidence, InterfaceEvidence, ProgramEvidence } from 'cablecar';

/** An interface that is well. */
export const ETH0: InterfaceEvidence = {
  name: 'eth0',
  address: '10.0.0.1',
  netmask: '255.255.255.0',
  broadcast: '10.0.0.255',
  family: 'IPv4',
  loopback: false,
  heardItself: true,
  sendErrors: [],
  dialledItself: true,
};

/** What another doctor says where everything passes. */
export const BOBS_WORD: NonNullable<HostEvidence['word']> = {
  networks: ['10.0.0.2/24'],
  wallMs: 1_000_000,
  proof: undefined,
  received: { broadcast: true, multicast: true, unicast: true, tcp: true, dial: 'answered' },
};

/** Another host, with a doctor on it, from which everything comes. */
export const BOB: HostEvidence = {
  address: '10.0.0.2',
  asked: true,
  name: 'bob',
  broadcast: true,
  multicast: true,
  unicast: true,
  tcp: true,
  dial: 'answered',
  onLink: undefined,
  hasSameSecret: undefined,
  word: BOBS_WORD,
  wordAtMs: 1_000_000,
};

/** A program of the service on that host. */
export const BOBS_PROGRAM: ProgramEvidence = {
  id: 'a',
  name: 'bob',
  host: '10.0.0.2',
  port: 4242,
  version: 1,
  kind: 'ours',
  isSealed: false,
  serviceHash: 'ebada5168620c5fe',
};

/** What a doctor sees where all is well. */
export const WELL: Evidence = {
  platform: 'linux',
  inContainer: false,
  inWsl: false,
  service: 'default',
  serviceAsked: false,
  hasSecret: false,
  selection: 'all',
  udp: { port: 18_222, state: 'open', holder: undefined },
  tcp: { port: 18_222, state: 'open', holder: undefined },
  interfaces: [ETH0],
  programs: [],
  hosts: [BOB],
  changes: [],
};
