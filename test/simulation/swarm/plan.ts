import { Prng, type NetworkOptions } from '@cablecar/simulator';
import { FAULTS, type FaultName } from './fault-names.ts';

/** How a program reads what comes. */
export const STYLES = ['listener', 'for await', 'batches', 'game loop', 'slow'] as const;
export type Style = (typeof STYLES)[number];

/** What a program sends. */
export const KINDS = ['small', 'text', 'large', 'latest', 'volatile', 'expiring'] as const;
export type Kind = (typeof KINDS)[number];

/** One of the programs of a schedule. */
export interface Role {
  readonly name: string;
  readonly style: Style;
  readonly kinds: readonly Kind[];
  /** Bursts that it sends to each peer, and messages in each. */
  readonly bursts: number;
  readonly burst: number;
}

/** When something goes wrong, and what. */
export interface PlannedFault {
  readonly atMs: number;
  readonly fault: FaultName;
}

/** Everything that is decided before a schedule begins; all of it follows from the seed. */
export interface Plan {
  readonly seed: number;
  readonly network: NetworkOptions;
  /** The same for all programs. */
  readonly session: {
    readonly inboxMessages: number;
    readonly inboxBytes: number;
    readonly maxMessageBytes: number;
    readonly outboxBytes: number;
    readonly heartbeatIntervalMs: number;
    readonly suspectAfterMs: number;
    readonly silenceTimeoutMs: number;
    readonly resumeWindowMs: number;
    readonly headStartMs: number;
  };
  readonly roles: readonly Role[];
  readonly faults: readonly PlannedFault[];
  /** How long things go wrong. */
  readonly troubleMs: number;
}

const NAMES = ['ada', 'bob', 'eve', 'max', 'kim', 'lea', 'tom', 'zoe'] as const;

/** How many programs, by chance out of 100: mostly two, which is where most can be tried in a second. */
const SIZES: readonly (readonly [most: number, peers: number])[] = [
  [90, 2],
  [97, 3],
  [99, 4],
];

/** Programs begin within so long. */
const MEETING_MS = 400;

/** What a seed decides. Each run has some features and some faults only, so that none hides behind the others. */
export function planOf(seed: number): Plan {
  const prng = new Prng(seed, 'swarm');
  const maybe = (likely: number): boolean => prng.float() < likely;
  const some = <T>(of: readonly T[], likely: number): T[] => of.filter(() => maybe(likely));
  const draw = prng.below(100);
  const peers = SIZES.find(([most]) => draw < most)?.[1] ?? 5 + prng.below(4);
  const kinds: readonly Kind[] = ['small', ...some(KINDS.slice(1), 0.3)];
  const kindsOfFaults = some(FAULTS, 0.3);
  // A part has 65,536 bytes, which are not cut into thousands of chunks.
  const least = kinds.includes('large') ? 20 : 1;
  const troubleMs = 500 + prng.below(4_500);
  const heartbeatIntervalMs = 100 + prng.below(200);
  return {
    seed,
    troubleMs,
    network: {
      delayMs: maybe(0.5) ? [0.2, 1] : [0, prng.magnitude([2, 60])],
      datagramLoss: maybe(0.4) ? prng.float() * 0.5 : 0,
      datagramDuplication: maybe(0.3) ? prng.float() * 0.3 : 0,
      chunkBytes: maybe(0.4) ? [least, prng.magnitude([40 * least, 3_000 * least])] : undefined,
      windowBytes: maybe(0.3) ? prng.magnitude([300 * least, 20_000 * least]) : 262_144,
      bytesPerMs: maybe(0.2) ? 30 + prng.below(300) : Infinity,
    },
    session: {
      inboxMessages: 16 + prng.below(16),
      inboxBytes: 1_024 + prng.below(2_000),
      maxMessageBytes: kinds.includes('large') ? 150_000 : 1_024,
      outboxBytes: 1_024 + prng.below(3_000),
      heartbeatIntervalMs,
      suspectAfterMs: 3 * heartbeatIntervalMs,
      silenceTimeoutMs: 6 * heartbeatIntervalMs,
      resumeWindowMs: maybe(0.2) ? 1_000 : 20_000,
      headStartMs: maybe(0.5) ? 0 : 150,
    },
    roles: NAMES.slice(0, peers).map((name) => ({
      name,
      style: STYLES[prng.below(STYLES.length)] as Style,
      kinds,
      bursts: peers > 3 ? 2 : 3 + prng.below(4),
      burst: peers > 3 ? 10 : 8 + prng.below(14),
    })),
    faults: Array.from({ length: kindsOfFaults.length === 0 ? 0 : 1 + prng.below(6) }, () => ({
      // Many while programs meet, which is soon over and has the most orders of events.
      atMs: prng.float() * (maybe(0.3) ? MEETING_MS : troubleMs),
      fault: kindsOfFaults[prng.below(kindsOfFaults.length)] as FaultName,
    })).sort((one, other) => one.atMs - other.atMs),
  };
}

/** What users do, and no trouble of the network's. */
const ORDERLY: readonly FaultName[] = ['leave', 'close one', 'clock jump'];

/** Whether nothing goes wrong on the network, and nobody is slow: then no peer is suspected, and none is lost. */
export function isCalm({ network, faults, roles }: Plan): boolean {
  return (
    faults.every(({ fault }) => ORDERLY.includes(fault)) &&
    roles.every(({ style }) => style !== 'slow') &&
    network.bytesPerMs === Infinity &&
    network.windowBytes === 262_144 &&
    network.datagramLoss === 0
  );
}

/** Whether connections are lost at most, and can be made again in time: then no session is lost. */
export function isResumable({ session, faults }: Plan): boolean {
  const harmless: readonly FaultName[] = ['cut', 'clock jump'];
  return session.resumeWindowMs >= 20_000 && faults.every(({ fault }) => harmless.includes(fault));
}
