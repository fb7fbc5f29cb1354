import { setTimeout as span } from 'node:timers/promises';
import type { Connection, DialOptions, Endpoint, Transport } from '@cablecar/core-protocol';
import { Prng } from '@cablecar/simulator';
import { nodeTransport } from '@cablecar/transport';
import { countKinds, difference, type Census } from './census.ts';
import { sampleMemory, type Sample } from './memory.ts';
import { Resident, type Residence } from './resident.ts';
import type { SoakReport } from './simulated.ts';

/** How long a soak on real sockets is. */
export interface RealSoakOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly udpPort: number;
  /** How long things go wrong between two quiet moments. @default 10,000 */
  readonly troubleMs?: number;
  /** How long it may take to become quiet. @default 60,000 */
  readonly quietWithinMs?: number;
  /** Told of each quiet moment. */
  readonly onQuiet?: (sample: Sample) => void;
}

const NAMES = ['ada', 'bob', 'eve', 'max'] as const;
const LOOK_EVERY_MS = 50;
const HOUR_MS = 3_600_000;

/** The system's transport, with its connections at hand so that they can be cut. */
class CuttableTransport {
  readonly transport: Transport;
  readonly #open = new Set<WeakRef<Connection>>();

  constructor() {
    const system = nodeTransport();
    const keep = (connection: Connection): Connection => {
      this.#open.add(new WeakRef(connection));
      return connection;
    };
    this.transport = {
      ...system,
      listen: ({ onConnection, ...options }) =>
        system.listen({ ...options, onConnection: (connection) => onConnection(keep(connection)) }),
      dial: (to: Endpoint, options?: DialOptions) => system.dial(to, options).then(keep),
    };
  }

  /** Cuts one of its connections, which may be closed already. */
  cut(prng: Prng): void {
    const connections = [...this.#open].flatMap((reference) => {
      const connection = reference.deref();
      if (connection === undefined) this.#open.delete(reference);
      return connection ?? [];
    });
    connections[prng.below(connections.length)]?.destroy();
  }
}

/** How often the same is counted before it is taken for what there is when all is quiet. */
const STEADY_LOOKS = 10;

/** What keeps this process running, and who listens to what. A socket that was closed goes with one of the next turns. */
function countAll(residents: readonly Resident[]): Census {
  const ofProcess = process.eventNames().map((name) => process.listenerCount(name));
  return {
    // Our timers are timeouts that become immediates when they are due.
    ...countKinds(
      process.getActiveResourcesInfo().map((kind) => (kind === 'Immediate' ? 'Timeout' : kind)),
    ),
    'event listener': residents.reduce((sum, { listeners }) => sum + listeners, 0),
    'process listener': ofProcess.reduce((sum, count) => sum + count, 0),
  };
}

/**
 * Lets programs in this process come and go on real sockets, with connections cut and the process stalled, and demands
 * at each quiet moment what was there at the first, and in the end what was there before. Rejects with what there is.
 */
export async function soakReal(options: RealSoakOptions): Promise<SoakReport> {
  const { minutes, seed, udpPort, troubleMs = 10_000, quietWithinMs = 60_000 } = options;
  const { onQuiet = () => {} } = options;
  const prng = new Prng(seed, 'real soak');
  const cuttable = new CuttableTransport();
  let failure: { readonly thrown: unknown } | undefined;
  const fail = (thrown: unknown): void => void (failure ??= { thrown });
  const residence: Residence = { options: { udpPort, interfaces: 'loopback' }, fail };
  const residents = NAMES.map((name) => new Resident(name, residence, () => cuttable.transport));
  const events: Record<string, number> = {};
  const halt = new Int32Array(new SharedArrayBuffer(4));
  const one = (): Resident => residents[prng.below(residents.length)] as Resident;
  const deeds: Readonly<Record<string, () => void>> = {
    leave: () => one().leave(),
    join: () => one().begin(),
    restart() {
      const resident = one();
      resident.leave();
      resident.begin();
    },
    cut: () => cuttable.cut(prng),
    stall: () => void Atomics.wait(halt, 0, 0, prng.magnitude([10, 400])),
  };

  /** Lets time pass until nobody has a complaint. */
  const quiet = async (complain: () => string | undefined): Promise<void> => {
    const deadline = performance.now() + quietWithinMs;
    for (let wrong = complain(); wrong !== undefined; wrong = complain()) {
      if (failure) throw failure.thrown;
      if (performance.now() > deadline) throw new Error(`${wrong} (seed ${seed})`);
      await span(LOOK_EVERY_MS);
    }
  };
  const unsettled = (): string | undefined =>
    residents.map((it) => it.complaint(NAMES.length - 1)).find((it) => it !== undefined);
  const comeAll = async (): Promise<void> => {
    for (const resident of residents) resident.begin();
    await quiet(unsettled);
  };

  void [process.stdout, process.stderr]; // which Node opens when they are first used, or the first socket closes
  await span(LOOK_EVERY_MS);
  const before = countAll([]);
  await comeAll();
  // What connections that were given up have left is gone by then: a dial, an end that is waited for.
  await span(2_000);
  await comeAll();
  let census = countAll(residents);
  for (let looks = 0; looks < STEADY_LOOKS; looks++) {
    await span(LOOK_EVERY_MS);
    const next = countAll(residents);
    if (difference(census, next) !== undefined) looks = 0;
    census = next;
  }
  const samples: Sample[] = [];
  const began = performance.now();
  const elapsed = (): number => performance.now() - began;
  while (elapsed() < minutes * 60_000) {
    const ends = performance.now() + troubleMs;
    while (performance.now() < ends) {
      await span(prng.magnitude([10, 500]));
      const kinds = Object.keys(deeds);
      const kind = kinds[prng.below(kinds.length)] as string;
      deeds[kind]?.();
      events[kind] = (events[kind] ?? 0) + 1;
      for (const resident of residents) resident.say();
      if (failure) throw failure.thrown;
    }
    await comeAll();
    await quiet(() => unsettled() ?? difference(census, countAll(residents)));
    const sample = sampleMemory(elapsed() / HOUR_MS);
    samples.push(sample);
    onQuiet(sample);
  }

  for (const resident of residents) resident.leave();
  await quiet(() => difference(before, countAll(residents)));
  const heard = residents.reduce((sum, resident) => sum + resident.heard, 0);
  return { census, samples, events, heard };
}
