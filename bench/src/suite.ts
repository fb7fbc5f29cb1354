import type { Comparison, Entry } from './comparison.ts';
import { EITHER } from './payload.ts';

/** The rivals, each with what it is measured by: bytes, or states where it encodes objects itself. */
const BYTE_RIVALS = ['ws', 'ws corked', 'socket.io', 'zeromq', 'nats', 'secret-stream', 'libp2p'];
const STATE_RIVALS = ['ws json', 'socket.io json', 'msgpackr', 'cable_car json', 'cable_car byte'];
/** Those that find each other on a local network; some connect, some leave that to others. */
const FINDING_RIVALS = [
  ...['hyperswarm', 'libp2p mdns', 'cable_car'],
  ...['multicast-dns', 'bonjour-service', 'zbeacon'],
];

const SIZES = [8, 32, 200, 1024, 65_536];
/** The engine compiles for the first second or two, which is no part of what a program that runs for hours costs. */
const SHORT = { ms: 500, warmUpMs: 1_500 };
const LONG = { ms: 600, warmUpMs: 2_000 };

const bytes = (size: number, ...names: string[]): Entry[] =>
  names.map((name) => ({ label: name, contender: name, payload: String(size) }));
const states = (...names: string[]): Entry[] =>
  names.map((name) => ({ label: name, contender: name, payload: 'state' }));

/** Messages per second of CPU time of the busier end: less disturbed by a busy machine than the clock's. */
const PER_SECOND = 'perCpuSecond';

/** The ways to consume, beside the measure. */
const STYLES = ['cablecar state', 'cablecar batches', 'cablecar for await', 'cablecar get'];

/** What `npm run bench` measures, in less than three minutes. */
export const SHORT_SUITE: readonly Comparison[] = [
  {
    id: 'throughput-32',
    title: `One way, ${EITHER}, messages per CPU second of the busier end`,
    workload: 'throughput',
    figure: PER_SECOND,
    rounds: 2,
    settings: SHORT,
    entries: [
      ...bytes(32, 'net joined', 'net in place', 'net each', 'cablecar bytes'),
      ...states(...STYLES, 'net json', 'cablecar json'),
    ],
  },
  {
    id: 'echo',
    title: `There and back, ${EITHER}, microseconds`,
    workload: 'echo',
    figure: 'sender.p50Us',
    rounds: 2,
    settings: { ms: 1_000, warmUpMs: 1_500 },
    entries: [...bytes(32, 'net joined', 'cablecar bytes'), ...states('cablecar state')],
  },
  {
    id: 'ticks-50',
    title: 'A game loop of 60 Hz, 50 messages of 32 bytes a tick, CPU % of the sender',
    workload: 'ticks',
    figure: 'sender.cpuPercent',
    rounds: 1,
    settings: { ms: 2_000, warmUpMs: 500, perTick: 50 },
    entries: bytes(32, 'net joined', 'net each', 'cablecar bytes'),
  },
];

/** What `npm run bench:all` measures. Rivals that are not installed are left out, and said to be. */
export const FULL_SUITE: readonly Comparison[] = [
  ...SIZES.map((size): Comparison => ({
    id: `throughput-${size}`,
    title: `One way, ${size} bytes, messages per CPU second of the busier end`,
    workload: 'throughput',
    figure: PER_SECOND,
    rounds: 5,
    settings: LONG,
    entries: bytes(
      size,
      ...['net joined', 'net in place', 'net each', 'cablecar bytes', 'cablecar tls'],
      ...BYTE_RIVALS,
    ),
  })),
  {
    id: 'throughput-state',
    title:
      'One way, the state of a ship beside net joined of 32 bytes, messages per CPU second of the busier end',
    workload: 'throughput',
    figure: PER_SECOND,
    rounds: 5,
    settings: LONG,
    entries: [
      ...bytes(32, 'net joined'),
      ...states('cablecar state', 'cablecar json', 'net json', ...STATE_RIVALS),
    ],
  },
  {
    id: 'styles',
    title: 'The ways to consume, states, messages per CPU second of the busier end',
    workload: 'throughput',
    figure: PER_SECOND,
    rounds: 5,
    settings: LONG,
    entries: states(...STYLES),
  },
  {
    id: 'echo',
    title: `There and back, ${EITHER}, microseconds`,
    workload: 'echo',
    figure: 'sender.p50Us',
    rounds: 5,
    settings: { ms: 1_500, warmUpMs: 2_000 },
    entries: [
      ...bytes(32, 'net joined', 'cablecar bytes', 'cablecar busy', 'cablecar tls', ...BYTE_RIVALS),
      ...states('cablecar state', ...STATE_RIVALS),
    ],
  },
  ...[20, 50, 100].map((perTick): Comparison => ({
    id: `ticks-${perTick}`,
    title: `A game loop of 60 Hz, ${perTick} messages a tick, ${EITHER}, CPU % of the sender`,
    workload: 'ticks',
    figure: 'sender.cpuPercent',
    rounds: 5,
    settings: { ms: 2_500, warmUpMs: 1_000, perTick },
    entries: [
      ...bytes(32, 'net joined', 'net each', 'cablecar bytes', 'cablecar tls', ...BYTE_RIVALS),
      ...states('cablecar state', ...STATE_RIVALS),
    ],
  })),
  {
    id: 'connect',
    title: 'From dialling to the first answer, milliseconds',
    workload: 'connections',
    figure: 'sender.p50Ms',
    rounds: 5,
    settings: { ms: 0, warmUpMs: 0, count: 50 },
    entries: bytes(32, 'net joined', 'cablecar bytes', 'cablecar tls', ...BYTE_RIVALS),
  },
  ...[1_000, 5_000].map((count): Comparison => ({
    id: `peers-${count}`,
    title: `One program with ${count} peers, resident bytes of memory per peer`,
    workload: 'peers',
    figure: 'receiver.residentBytesPerPeer',
    rounds: 1,
    settings: { ms: 0, warmUpMs: 0, count },
    entries: bytes(32, 'net joined', 'cablecar bytes', 'cablecar tls'),
  })),
  {
    id: 'crowd-50',
    title: 'Fifty programs on one network, idle: CPU % of one of them',
    workload: 'crowd',
    figure: 'sender.cpuPercentIdle',
    rounds: 0, // the one run is enough
    settings: { ms: 10_000, warmUpMs: 3_000, count: 50 },
    entries: bytes(32, 'cablecar bytes'),
  },
  {
    id: 'idle',
    title: 'A program that has nothing to say, alone and with a peer: CPU %',
    workload: 'idle',
    figure: 'receiver.aloneCpuPercent',
    rounds: 5,
    settings: { ms: 5_000, warmUpMs: 2_000 },
    entries: bytes(32, 'cablecar bytes'),
  },
  {
    id: 'meeting',
    title: 'A program comes to a second host, milliseconds until it has met the one on the first',
    workload: 'meeting',
    figure: 'medianMs',
    rounds: 1, // of so many newcomers of each, in turns
    settings: { ms: 10_000, warmUpMs: 1_000, count: 20 },
    entries: bytes(32, 'cablecar plain', 'cablecar', ...FINDING_RIVALS),
  },
];
