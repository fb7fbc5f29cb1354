import type { Metadata } from '@cablecar/core-protocol';

/** How a doctor's attempt to connect ended. */
export type DialOutcome =
  /** Another doctor answered, at length. */
  | 'answered'
  /** Another doctor answered shortly; what is longer got stuck. */
  | 'stalled'
  /** Somebody else accepted. */
  | 'connected'
  | 'refused'
  | 'timeout'
  /** Nobody has the address, or so the system says. */
  | 'unreachable'
  | 'no-route';

const OUTCOMES: readonly DialOutcome[] = [
  'answered',
  'stalled',
  'connected',
  'refused',
  'timeout',
  'unreachable',
  'no-route',
];

/** What a doctor has received from another one. */
export interface Received {
  readonly broadcast: boolean;
  readonly multicast: boolean;
  readonly unicast: boolean;
  readonly tcp: boolean;
  /** How its own attempt to connect to the other ended, if it has. */
  readonly dial: DialOutcome | undefined;
}

/** What one doctor tells another. */
export interface Word {
  /** Its IPv4 addresses with the lengths of their subnets' prefixes: `10.0.0.2/24`. */
  readonly networks: readonly string[];
  /** Its time of day, in milliseconds since 1970. */
  readonly wallMs: number;
  /** What shows that it has a secret, and which; undefined where it has none. */
  readonly proof: string | undefined;
  /** What it received from whom it talks to; undefined where it talks to everybody. */
  readonly received: Received | undefined;
}

/** More would not fit a beacon. */
const MAX_NETWORKS = 8;

/** A word as the metadata of a beacon. */
export function encodeWord({ networks, wallMs, proof, received }: Word): Metadata {
  return {
    n: networks.slice(0, MAX_NETWORKS),
    t: wallMs,
    ...(proof !== undefined && { s: proof }),
    ...(received && {
      r: [received.broadcast, received.unicast, received.tcp, received.multicast].map(Number),
      ...(received.dial !== undefined && { d: received.dial }),
    }),
  };
}

/** The word in what a stranger sent; undefined when there is none. */
export function decodeWord(metadata: Metadata | undefined): Word | undefined {
  const { n: networks, t: wallMs, s: proof, r: received, d } = metadata ?? {};
  if (!Array.isArray(networks) || typeof wallMs !== 'number') return undefined;
  const [broadcast, unicast, tcp, multicast] = Array.isArray(received)
    ? (received as unknown[])
    : [];
  return {
    networks: networks.filter(isNetwork).slice(0, MAX_NETWORKS),
    wallMs,
    proof: typeof proof === 'string' ? proof : undefined,
    received: Array.isArray(received)
      ? {
          broadcast: broadcast === 1,
          multicast: multicast === 1,
          unicast: unicast === 1,
          tcp: tcp === 1,
          dial: OUTCOMES.find((outcome) => outcome === d),
        }
      : undefined,
  };
}

function isNetwork(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/.test(value);
}
