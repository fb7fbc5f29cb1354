import { byteMessage, join, type Mesh, type Messenger } from 'cablecar';
import { World, type NetworkOptions, type SimHost } from '@cablecar/simulator';
import { describe, expect, it } from 'vitest';

class Count extends byteMessage(0x20, { number: 'u32' }) {}

const messages = [Count] as const;

/** One end of a talk: what it has sent, what it has heard, and what was told of its peer. */
class End {
  readonly host: SimHost;
  readonly mesh: Mesh<Count>;
  readonly heard: number[] = [];
  readonly told: string[] = [];
  peer: Messenger<Count> | undefined;
  sent = 0;

  constructor(host: SimHost, mesh: Mesh<Count>) {
    this.host = host;
    this.mesh = mesh;
    mesh.on('peer', (peer) => {
      this.peer = peer;
      this.told.push('peer');
      peer.on('suspect', () => this.told.push('suspect'));
      peer.on('resume', () => this.told.push('resume'));
      peer.on('close', ({ code, undelivered }) => this.told.push(`${code} ${undelivered}`));
      peer.on('message', ({ number }) => this.heard.push(number));
    });
  }

  /** Sends some more numbers. */
  send(count: number): void {
    for (let left = count; left > 0; left--) this.peer?.send(new Count({ number: this.sent++ }));
  }
}

interface Talk {
  readonly world: World;
  readonly ada: End;
  readonly bob: End;
}

async function talk(seed: number, network: NetworkOptions = {}): Promise<Talk> {
  const world = new World({ seed, network });
  const hosts = [world.host('ada'), world.host('bob')] as const;
  const joining = hosts.map(({ name, transport }) =>
    join({ service: 'resume', name, transport, messages }),
  );
  const [one, other] = await world.runUntil(Promise.all(joining));
  const ada = new End(hosts[0], one as Mesh<Count>);
  const bob = new End(hosts[1], other as Mesh<Count>);
  await world.runUntil(() => ada.peer !== undefined && bob.peer !== undefined);
  return { world, ada, bob };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

describe('a session across lost connections', () => {
  it('goes on when a connection is cut under load: nothing lost, doubled or reordered', async () => {
    const ways = ['both', 'dialler', 'acceptor'] as const;
    for (let seed = 1; seed <= 20; seed++) {
      const { world, ada, bob } = await talk(seed, { chunkBytes: [1, 200], delayMs: [0, 20] });
      for (let round = 0; round < 10; round++) {
        ada.send(300);
        bob.send(200);
        await world.run({ forMs: 5 + ((seed * 7 + round * 13) % 60) });
        world.cutConnections(ways[round % 3]);
      }
      await world.runUntil(() => bob.heard.length >= ada.sent && ada.heard.length >= bob.sent);
      expect(bob.heard, `seed ${seed}`).toEqual(upTo(ada.sent));
      expect(ada.heard, `seed ${seed}`).toEqual(upTo(bob.sent));
      expect(ada.told.filter((what) => what === 'peer')).toHaveLength(1);
      expect(bob.told.filter((what) => what === 'peer')).toHaveLength(1);
    }
  });

  it('is suspected within 3.5 s of a partition, and back within 1.5 s of its end', async () => {
    const { world, ada, bob } = await talk(3);
    await world.run({ forMs: 2_000 });
    ada.send(10);
    world.partition([ada.host], [bob.host]);
    const cutAt = world.now;
    await world.runUntil(() => ada.told.includes('suspect') && bob.told.includes('suspect'));
    expect(world.now - cutAt).toBeLessThanOrEqual(3_500);
    ada.send(10);
    await world.run({ forMs: 9_000 });
    bob.send(10);
    world.heal();
    const healedAt = world.now;
    await world.runUntil(() => ada.told.includes('resume') && bob.told.includes('resume'));
    expect(world.now - healedAt).toBeLessThanOrEqual(1_500);
    await world.run({ forMs: 500 });
    expect(bob.heard).toEqual(upTo(20));
    expect(ada.heard).toEqual(upTo(10));
  });

  it('ends with the exact count of what was not delivered when the window is over, and meets again', async () => {
    const { world, ada, bob } = await talk(4);
    await world.run({ forMs: 2_000 });
    ada.send(5);
    await world.run({ forMs: 1_250 }); // with a heartbeat bob has told ada that they have come
    world.partition([ada.host], [bob.host]);
    ada.send(17);
    await world.run({ forMs: 60_000 });
    expect(ada.told).toEqual(['peer', 'suspect', 'lost 17']);
    expect(bob.told).toEqual(['peer', 'suspect', 'lost 0']);
    expect(bob.heard).toEqual(upTo(5));
    world.heal();
    await world.run({ forMs: 5_000 });
    expect(ada.told.at(-1)).toBe('peer');
    expect(bob.told.at(-1)).toBe('peer');
  });

  it('is no session of a restarted program: the old one is lost, the new one begins', async () => {
    const { world, ada, bob } = await talk(5);
    await world.run({ forMs: 1_000 });
    ada.send(3);
    await world.run({ forMs: 1_250 });
    bob.host.program().crash();
    ada.send(4);
    const transport = bob.host.program('again').transport;
    const again = await world.runUntil(
      join({ service: 'resume', name: 'bob', transport, messages }),
    );
    const heard: number[] = [];
    again.on('peer', (peer) => peer.on('message', ({ number }) => heard.push(number)));
    await world.run({ forMs: 10_000 });
    expect(ada.told).toContain('crashed 4');
    expect(ada.told.filter((what) => what === 'peer')).toHaveLength(2);
    expect(heard).toEqual([]);
    await world.runUntil(again.close());
  });

  it('never accuses a peer whose process stalls for less than the silence that counts as death', async () => {
    const { world, ada, bob } = await talk(6);
    for (let stall = 0; stall < 100; stall++) {
      (stall % 2 === 0 ? ada : bob).host.stall(500 + ((stall * 379) % 4_500));
      ada.send(3);
      bob.send(3);
      await world.run({ forMs: 6_000 });
    }
    expect(ada.told.filter((what) => what.startsWith('lost'))).toEqual([]);
    expect(bob.told.filter((what) => what.startsWith('lost'))).toEqual([]);
    expect(bob.heard).toEqual(upTo(300));
    expect(ada.heard).toEqual(upTo(300));
  });

  it('survives an address change at one end', async () => {
    const { world, ada, bob } = await talk(7);
    await world.run({ forMs: 1_000 });
    ada.send(5);
    bob.host.readdress();
    ada.send(5);
    bob.send(5);
    await world.run({ forMs: 20_000 });
    expect(bob.heard).toEqual(upTo(10));
    expect(ada.heard).toEqual(upTo(5));
    expect(ada.told).not.toContain('lost');
  });
});
