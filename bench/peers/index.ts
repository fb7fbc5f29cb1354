import { cablecarByte } from './cablecar-byte.ts';
import { netJoined } from './net-joined.ts';
import type { BenchPeer } from './peer.ts';

/** Everything that is measured, by name; the first is the measure for the others. */
export const PEERS: Readonly<Record<string, BenchPeer>> = {
  'net joined': netJoined,
  'cablecar byte': cablecarByte,
};
