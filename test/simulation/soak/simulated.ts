import { Prng, World, type SimHost } from '@cablecar/simulator';
import { TROUBLES, type FaultName } from '../swarm/fault-names.ts';
import { heal, strike, type Victim } from '../swarm/faults.ts';
import { countKinds, difference, type Census } from './census.ts';
import { sampleMemory, type Sample } from './memory.ts';
import { Resident, type Residence } from './resident.ts';

/** What came of a soak in which everything was given back. */
export interface SoakReport {
  /** What there is whenever all is quiet. */
  readonly census: Census;
  readonly samples: readonly Sample[];
  readonly events: Readonly<Record<string, number>>;
  readonly heard: number;
}

/** How long a soak is. */
export interface SimulatedSoakOptions {
  readonly hours: number;
  readonly seed: number;
  /** Told of each quiet moment. */
  readonly onQuiet?: (sample: Sample) => void;
}

const HOUR_MS = 3_600_000;
/** Of each hour; the rest is for becoming quiet. */
const TROUBLE_MS = 3_300_000;
/** What goes wrong takes at most so long to end by itself. */
const FADE_MS = 15_000;
const QUIET_WITHIN_MS = 240_000;
const LOOK_EVERY_MS = 250;
const NAMES = ['ada', 'bob', 'eve', 'max'] as const;
/** What happens besides to all but the first, who stays all the time. */
const GUESTS: readonly FaultName[] = ['crash', 'leave', 'leave'];

class SimResident extends Resident implements Victim {
  readonly host: SimHost;

  constructor(name: string, residence: Residence, world: World) {
    const host = world.host(name);
    super(name, residence, () => host.transport);
    this.host = host;
  }

  endOne(): void {
    throw new Error('who parts for good is never quiet again');
  }
}

/**
 * Lets programs in one simulated world come and go for hours, with all that goes wrong, and demands at the end of each
 * hour that there is exactly what there was before the first, and in the end nothing. Rejects with what there is.
 */
export async function soakSimulated(options: SimulatedSoakOptions): Promise<SoakReport> {
  const { hours, seed, onQuiet = () => {} } = options;
  const world = new World({ seed, transcript: false });
  const prng = new Prng(seed, 'soak');
  let failure: { readonly thrown: unknown } | undefined;
  const fail = (thrown: unknown): void => void (failure ??= { thrown });
  const residence: Residence = { options: { service: 'soak' }, fail };
  const residents = NAMES.map((name) => new SimResident(name, residence, world));
  const guests = residents.slice(1);
  const events: Record<string, number> = {};
  const count = (): Census => ({
    ...countKinds(world.openHandles().map(({ kind }) => kind)),
    'event listener': residents.reduce((sum, { listeners }) => sum + listeners, 0),
  });

  /** Lets time pass until nobody has a complaint. */
  const quiet = async (complain: () => string | undefined): Promise<void> => {
    for (let left = QUIET_WITHIN_MS; complain() !== undefined; left -= LOOK_EVERY_MS) {
      if (failure) throw failure.thrown;
      if (left <= 0) throw new Error(`${complain()} at ${world.now} ms (seed ${seed})`);
      await world.run({ forMs: LOOK_EVERY_MS });
    }
  };
  const unsettled = (): string | undefined =>
    residents.map((one) => one.complaint(NAMES.length - 1)).find((it) => it !== undefined);

  for (const resident of residents) resident.begin();
  await quiet(unsettled);
  await world.run({ forMs: FADE_MS });
  await quiet(unsettled);
  const census = count();
  const samples: Sample[] = [];
  for (let hour = 1; hour <= Math.ceil(hours); hour++) {
    const ends = world.now + Math.min(TROUBLE_MS, (hours - hour + 1) * HOUR_MS);
    while (world.now < ends) {
      await world.run({ forMs: prng.magnitude([500, 30_000]) });
      const isGuests = prng.float() < 0.3;
      const kinds = isGuests ? GUESTS : TROUBLES;
      const kind = kinds[prng.below(kinds.length)] as FaultName;
      strike(kind, { world, prng, players: isGuests ? guests : residents });
      events[kind] = (events[kind] ?? 0) + 1;
      for (const resident of residents) resident.say();
      if (failure) throw failure.thrown;
    }
    await world.run({ forMs: FADE_MS });
    heal({ world, prng, players: residents });
    await quiet(unsettled);
    await quiet(() => unsettled() ?? difference(census, count()));
    const sample = sampleMemory(world.now / HOUR_MS);
    samples.push(sample);
    onQuiet(sample);
  }

  for (const resident of residents) resident.leave();
  await quiet(() => difference({}, count()));
  const heard = residents.reduce((sum, resident) => sum + resident.heard, 0);
  return { census, samples, events, heard };
}
