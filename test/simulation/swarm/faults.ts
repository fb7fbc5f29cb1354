import type { Prng, SimHost, Told, World } from '@cablecar/simulator';
import type { FaultName } from './fault-names.ts';

/** One program that things happen to, life after life. */
export interface Victim {
  readonly host: SimHost;
  /** Begins another life, unless it lives or is about to. */
  begin(): void;
  /** Forgets all it has: it crashes at this moment. */
  crash(): void;
  /** Ends in order. */
  leave(): void;
  /** Parts from one peer. */
  endOne(prng: Prng, how: 'close' | 'destroy'): void;
}

/** Where faults happen. */
export interface Arena {
  readonly world: World;
  readonly prng: Prng;
  readonly players: readonly Victim[];
}

const TOLD: readonly Told[] = ['both', 'dialler', 'acceptor', 'nobody'];
const FAREWELLS = ['close', 'reset', 'vanish'] as const;

/** What can go wrong, by name. Whatever lasts ends by itself or when all is healed. */
const DEEDS: Readonly<Record<FaultName, (arena: Arena) => void>> = {
  cut({ world, prng }) {
    const told = one(prng, TOLD);
    world.cutConnections(told, () => prng.float() < 0.7);
  },
  stall: ({ prng, players }) => one(prng, players).host.stall(prng.magnitude([10, 5_000])),
  sleep: ({ prng, players }) =>
    one(prng, players).host.sleep(prng.magnitude([100, 8_000]), {
      monotonicClock: prng.float() < 0.5 ? 'stops' : 'runs',
    }),
  'clock jump': ({ prng, players }) =>
    one(prng, players).host.setWallClock((prng.float() - 0.5) * 20_000_000),
  partition: (arena) => part(arena, 'both'),
  'one-way partition': (arena) => part(arena, 'forth'),
  flap({ world, prng, players }) {
    const { host } = one(prng, players);
    for (let time = 0; time < 6; time++) {
      world.after(time * 100, () => (time % 2 === 0 ? host.unplug() : host.plug()));
    }
  },
  unplug({ world, prng, players }) {
    const { host } = one(prng, players);
    host.unplug();
    world.after(prng.magnitude([10, 4_000]), () => host.plug());
  },
  readdress: ({ prng, players }) => one(prng, players).host.readdress(),
  firewall({ world, prng, players }) {
    const { host } = one(prng, players);
    host.firewall({ dials: prng.float() < 0.5 ? 'reject' : 'drop' });
    world.after(prng.magnitude([10, 4_000]), () => host.firewall({ dials: 'accept' }));
  },
  crash({ world, prng, players }) {
    const player = one(prng, players);
    const sockets = one(prng, FAREWELLS);
    const { host } = player;
    player.crash();
    host.crash({ sockets });
    host.restart();
    if (sockets === 'vanish') host.unplug();
    if (sockets === 'vanish') world.after(50, () => host.plug());
    world.after(prng.magnitude([1, 3_000]), () => player.begin());
  },
  leave({ world, prng, players }) {
    const player = one(prng, players);
    player.leave();
    world.after(prng.magnitude([1, 3_000]), () => player.begin());
  },
  'close one': ({ prng, players }) => one(prng, players).endOne(prng, 'close'),
  'destroy one': ({ prng, players }) => one(prng, players).endOne(prng, 'destroy'),
};

/** Makes a fault happen now. */
export function strike(name: FaultName, arena: Arena): void {
  DEEDS[name](arena);
}

/** Ends everything that goes wrong, and brings back who has gone. */
export function heal({ world, players }: Arena): void {
  world.heal();
  world.setNetwork({
    datagramLoss: 0,
    datagramDuplication: 0,
    delayMs: [0.2, 1],
    bytesPerMs: Infinity,
  });
  for (const player of players) {
    player.host.firewall({ dials: 'accept' });
    player.host.plug();
    world.after(5_000, () => player.begin());
  }
}

function part({ world, prng, players }: Arena, direction: 'both' | 'forth'): void {
  const group = players.filter(() => prng.float() < 0.5).map(({ host }) => host);
  const others = players.map(({ host }) => host).filter((host) => !group.includes(host));
  world.partition(group, others, { direction });
  world.after(prng.magnitude([10, 4_000]), () => world.heal());
}

function one<T>(prng: Prng, of: readonly T[]): T {
  return of[prng.below(of.length)] as T;
}
