import { CableCarError, type Millis } from '@cablecar/core-protocol';
import type { Range } from './prng.ts';

/** How a world begins. */
export interface WorldOptions {
  /** Decides everything that is left to chance: the same seed and program give the same run. @default 1 */
  readonly seed?: number;
  /** How the network behaves at first: one of `networks`, or numbers of your own. @default a calm wired LAN */
  readonly network?: NetworkOptions;
  /** Whether to keep a transcript; without one the world runs faster. @default true */
  readonly transcript?: boolean;
}

/** How a host begins. */
export interface HostOptions {
  /** The LANs it is on; a LAN comes into being with its first host. @default ['lan'] */
  readonly lans?: readonly string[];
  /** Addresses on some of them, by LAN; the n-th LAN of a world is 10.n.0.0/16. @default assigned */
  readonly addresses?: Readonly<Record<string, string>>;
  /**
   * In what the network behaves differently for this host: for what it sends, and what it gets from hosts without
   * anything of their own. @default as for all
   */
  readonly network?: NetworkOptions;
}

/** How long something is waited for, in simulated time. */
export interface WithinOptions {
  /** At the limit it rejects with ERR_TIMEOUT. @default 60_000 */
  readonly withinMs?: Millis;
}

/** How hosts are kept apart. */
export interface PartitionOptions {
  /** `forth` lets through what the second group sends to the first. @default 'both' */
  readonly direction?: 'both' | 'forth';
  /** After how long this partition ends by itself. @default when the world is healed */
  readonly forMs?: Millis;
}

/** Which cable of a host is meant. */
export interface CableOptions {
  /** The LAN it leads to. @default all of them */
  readonly lan?: string;
}

/** How a cable is pulled out. */
export interface UnplugOptions extends CableOptions {
  /** After how long it is put back in; what is done to the cable before that counts instead. @default when it is plugged in */
  readonly forMs?: Millis;
}

/** How a host gets another address. */
export interface ReaddressOptions extends CableOptions {
  /** The address. @default one that nobody has had */
  readonly address?: string;
}

/** How a host sleeps. */
export interface SleepOptions {
  /** Whether its monotonic clock and its timers stand still meanwhile, as on Linux, or run on. @default 'stops' */
  readonly monotonicClock?: 'stops' | 'runs';
}

/** What a host lets in from other hosts. Open connections are not touched. */
export interface FirewallOptions {
  /** `reject` answers dials with a refusal, `drop` with silence. @default 'accept' */
  readonly dials?: 'accept' | 'reject' | 'drop';
  /** Whether datagrams are heard. @default 'accept' */
  readonly datagrams?: 'accept' | 'drop';
}

/** How the network behaves. Can be changed while the world runs. */
export interface NetworkOptions {
  /** One-way delay between two hosts, drawn anew each time: a wide range reorders datagrams. @default [0.2, 1] (at least 0) */
  readonly delayMs?: Range;
  /**
   * How likely anything between two hosts takes longer than that, by `lateByMs`. It overtakes no chunk of its connection:
   * those behind it wait, as behind a segment that TCP had to send again. @default 0 (range 0 to 1)
   */
  readonly lateChance?: number;
  /** How much later it is then. @default [100, 400] (at least 0) */
  readonly lateByMs?: Range;
  /** One-way delay within one host, where nothing is ever lost or doubled. @default [0.02, 0.1] (at least 0) */
  readonly loopbackDelayMs?: Range;
  /** How likely a datagram between two hosts is lost. @default 0 (range 0 to 1) */
  readonly datagramLoss?: number;
  /** The same of broadcasts alone, beside that; 1 is a network that filters them. @default 0 (range 0 to 1) */
  readonly broadcastLoss?: number;
  /** The same of what goes to a multicast group. @default 0 (range 0 to 1) */
  readonly multicastLoss?: number;
  /** How likely a datagram between two hosts arrives twice. @default 0 (range 0 to 1) */
  readonly datagramDuplication?: number;
  /**
   * How streams are cut: the size of one chunk, each order of magnitude as likely. Undefined leaves writes whole and
   * joins what waits together, up to 65,536 bytes a chunk. @default undefined (range 1 to 65_536)
   */
  readonly chunkBytes?: Range | undefined;
  /** How much a connection holds in each direction until its sender has to wait. @default 262_144 (range 1 to 1_073_741_824) */
  readonly windowBytes?: number;
  /** How fast a connection is in each direction; 125 is one megabit a second. @default Infinity (at least 0.001) */
  readonly bytesPerMs?: number;
  /** After how long a system gives up a connection whose other end does not answer. @default 924_600 (at least 0) */
  readonly connectionGiveUpMs?: Millis;
  /** After how long a system gives up dialling where nothing answers. @default 127_000 (at least 0) */
  readonly dialGiveUpMs?: Millis;
  /** How long a change of interfaces goes unnoticed by programs. @default [0, 2_000] (at least 0) */
  readonly interfaceNoticeMs?: Range;
}

/** Network options that are complete and valid. */
export type ResolvedNetworkOptions = Required<NetworkOptions>;

/** How the network behaves unless told otherwise: a calm wired LAN. */
export const NETWORK_DEFAULTS: ResolvedNetworkOptions = {
  delayMs: [0.2, 1],
  lateChance: 0,
  lateByMs: [100, 400],
  loopbackDelayMs: [0.02, 0.1],
  datagramLoss: 0,
  broadcastLoss: 0,
  multicastLoss: 0,
  datagramDuplication: 0,
  chunkBytes: undefined,
  windowBytes: 262_144,
  bytesPerMs: Infinity,
  connectionGiveUpMs: 924_600,
  dialGiveUpMs: 127_000,
  interfaceNoticeMs: [0, 2_000],
};

/**
 * The options with their defaults.
 * @throws {CableCarError} ERR_OPTION
 */
export function resolveNetworkOptions(options: NetworkOptions): ResolvedNetworkOptions {
  return changeNetworkOptions(NETWORK_DEFAULTS, options);
}

/** What one read gives at most. */
export const MAX_CHUNK_BYTES = 65_536;

const RANGES: Readonly<Record<keyof NetworkOptions, readonly [number, number]>> = {
  delayMs: [0, Infinity],
  lateChance: [0, 1],
  lateByMs: [0, Infinity],
  loopbackDelayMs: [0, Infinity],
  datagramLoss: [0, 1],
  broadcastLoss: [0, 1],
  multicastLoss: [0, 1],
  datagramDuplication: [0, 1],
  chunkBytes: [1, MAX_CHUNK_BYTES],
  windowBytes: [1, 2 ** 30],
  bytesPerMs: [0.001, Infinity],
  connectionGiveUpMs: [0, Infinity],
  dialGiveUpMs: [0, Infinity],
  interfaceNoticeMs: [0, Infinity],
};

const MAY_BE_RANGE: readonly string[] = [
  'delayMs',
  'lateByMs',
  'loopbackDelayMs',
  'chunkBytes',
  'interfaceNoticeMs',
];

/**
 * The options with some of them changed.
 * @throws {CableCarError} ERR_OPTION
 */
export function changeNetworkOptions(
  options: ResolvedNetworkOptions,
  changes: NetworkOptions,
): ResolvedNetworkOptions {
  for (const [name, value] of Object.entries(changes)) check(name, value);
  return { ...options, ...changes };
}

function check(name: string, value: Range | undefined): void {
  if (value === undefined && name === 'chunkBytes') return;
  const limits = RANGES[name as keyof NetworkOptions] as readonly [number, number] | undefined;
  if (limits === undefined) {
    throw new CableCarError('ERR_OPTION', `'${name}' was given, expected an option of the network`);
  }
  const [least, greatest] = limits;
  const bounds = typeof value === 'object' && MAY_BE_RANGE.includes(name) ? value : [value, value];
  const [from, to] = bounds as readonly [number, number];
  // The comparisons are false for NaN and for what is no number.
  const whole = !name.endsWith('Bytes') || (Number.isInteger(from) && Number.isInteger(to));
  if (whole && from >= least && from <= to && to <= greatest) return;
  const expected = `${MAY_BE_RANGE.includes(name) ? 'one or two ascending numbers' : 'a number'} from ${least} to ${greatest}`;
  throw new CableCarError(
    'ERR_OPTION',
    `${name} is ${JSON.stringify(value)}, expected ${expected}`,
  );
}
