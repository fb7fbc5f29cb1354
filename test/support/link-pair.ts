import type { Connection, Link, Transport } from '@cablecar/core-protocol';
import type { World } from '@cablecar/simulator';

/** Two links of one simulated connection: what either end of a handshake would give. */
export interface LinkPair {
  readonly world: World;
  readonly ada: Link;
  readonly bob: Link;
  /** How often either end has called `write()`. */
  readonly writes: { ada: number; bob: number };
}

/** Connects two new hosts of a world. */
export async function linkPair(world: World): Promise<LinkPair> {
  const adaHost = world.host('ada');
  const bobHost = world.host('bob');
  const writes = { ada: 0, bob: 0 };
  const accepted = new Promise<Connection>((resolve) => {
    void bobHost.transport.listen({ port: 7_000, interfaces: 'all', onConnection: resolve });
  });
  const to = { host: bobHost.addresses[0] as string, port: 7_000 };
  const dialled = await world.runUntil(adaHost.transport.dial(to));
  const answered = await world.runUntil(accepted);
  return {
    world,
    writes,
    ada: asLink(dialled, adaHost.transport, 'bob', () => writes.ada++),
    bob: asLink(answered, bobHost.transport, 'ada', () => writes.bob++),
  };
}

function asLink(
  connection: Connection,
  { clock, random }: Transport,
  name: string,
  onWrite: () => void,
): Link {
  const write = connection.write.bind(connection);
  return Object.assign(connection, {
    clock,
    random,
    resumable: false,
    reconnect: () => connection.destroy(),
    peer: {
      id: name,
      name,
      epoch: '0000000000000001',
      metadata: {},
      endpoint: connection.remote,
      dialledBy: 'us' as const,
      via: 'direct' as const,
    },
    write(pieces: readonly Uint8Array[]) {
      onWrite();
      return write(pieces);
    },
  });
}
