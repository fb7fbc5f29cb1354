import { describeTransport } from '../../../test/compliance/transport-compliance.ts';
import type { TransportHost, TransportWorld } from '../../../test/compliance/transport-world.ts';
import type { NetworkOptions } from './options.ts';
import type { SimHost } from './sim-host.ts';
import { World } from './world.ts';

const NETWORKS: Readonly<Record<string, NetworkOptions>> = {
  'a calm LAN': {},
  'a LAN that delays and cuts': { delayMs: [0, 5], chunkBytes: [1, 4096], windowBytes: 50_000 },
};

for (const [name, network] of Object.entries(NETWORKS)) {
  describeTransport(`the simulator on ${name}`, () => Promise.resolve(makeWorld(network)));
}
describeTransport('the simulator on one host', () => Promise.resolve(makeHost()));

function makeWorld(network: NetworkOptions): TransportWorld {
  const world = new World({ seed: 3, network });
  const hosts = ['ada', 'bob', 'eve'].map((name) => place(world.host(name)));
  return transportWorld(world, hosts);
}

/** Three programs of one host, on its loopback. */
function makeHost(): TransportWorld {
  const world = new World({ seed: 3 });
  const host = world.host('ada');
  const programs = ['one', 'two', 'three'].map((name) => host.program(name));
  return transportWorld(
    world,
    programs.map(({ transport }) => ({ transport, address: '127.0.0.1', interfaces: 'loopback' })),
  );
}

function place(host: SimHost): TransportHost {
  return { transport: host.transport, address: host.addresses[0]!, interfaces: ['eth0'] };
}

function transportWorld(world: World, hosts: readonly TransportHost[]): TransportWorld {
  const [first, second, third] = hosts;
  return {
    hosts: [first!, second!, third!],
    udpPort: 18_222,
    silent: () => {
      const silent = world.host('silent');
      silent.firewall({ dials: 'drop' });
      return Promise.resolve({ host: 'silent', port: 9 });
    },
    run: (promise) => world.runUntil(promise, { withinMs: 1_000_000 }),
    close: () => Promise.resolve(),
  };
}
