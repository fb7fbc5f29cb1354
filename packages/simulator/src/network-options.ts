import { CableCarError, type Millis } from '@cablecar/core-protocol';
import type { Range } from './prng.ts';

/** How the network behaves. Can be changed while the world runs. */
export interface NetworkOptions {
  /** One-way delay between two hosts, drawn anew each time: a wide range reorders datagrams. @default [0.2, 1] */
  readonly delayMs?: Range;
  /** One-way delay within one host, where nothing is ever lost or doubled. @default [0.02, 0.1] */
  readonly loopbackDelayMs?: Range;
  /** How likely a datagram between two hosts is lost. @default 0 (range 0 to 1) */
  readonly datagramLoss?: number;
  /** How likely a datagram between two hosts arrives twice. @default 0 (range 0 to 1) */
  readonly datagramDuplication?: number;
  /**
   * How streams are cut: the size of one chunk, each order of magnitude as likely. Undefined leaves writes whole and
   * joins what waits together, up to 65,536 bytes a chunk. @default undefined (range 1 to 65,536)
   */
  readonly chunkBytes?: Range | undefined;
  /** How much a connection holds in each direction until its sender has to wait. @default 262,144 (range 1 to 2^30) */
  readonly windowBytes?: number;
  /** How fast a connection is in each direction; 125 is one megabit a second. @default Infinity (at least 0.001) */
  readonly bytesPerMs?: number;
  /** After how long a system gives up a connection whose other end does not answer. @default 924,600 */
  readonly connectionGiveUpMs?: Millis;
  /** After how long a system gives up dialling where nothing answers. @default 127,000 */
  readonly dialGiveUpMs?: Millis;
  /** How long a change of interfaces goes unnoticed by programs. @default [0, 2000] */
  readonly interfaceNoticeMs?: Range;
}

/** Network options that are complete and valid. */
export type ResolvedNetworkOptions = Required<NetworkOptions>;

/** How the network behaves unless told otherwise: a calm wired LAN. */
export const NETWORK_DEFAULTS: ResolvedNetworkOptions = {
  delayMs: [0.2, 1],
  loopbackDelayMs: [0.02, 0.1],
  datagramLoss: 0,
  datagramDuplication: 0,
  chunkBytes: undefined,
  windowBytes: 262_144,
  bytesPerMs: Infinity,
  connectionGiveUpMs: 924_600,
  dialGiveUpMs: 127_000,
  interfaceNoticeMs: [0, 2000],
};

/** What one read gives at most. */
export const MAX_CHUNK_BYTES = 65_536;

const RANGES: Readonly<Record<keyof NetworkOptions, readonly [number, number]>> = {
  delayMs: [0, Infinity],
  loopbackDelayMs: [0, Infinity],
  datagramLoss: [0, 1],
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
