import type { World } from '@cablecar/simulator';
import { sweep } from '@cablecar/simulator';
import { describe, expect, test } from 'vitest';
import { TestPeer } from '../../../../test/support/discovery/test-peer.ts';

function classicPeer(world: World, name: string, options = {}): TestPeer {
  return new TestPeer(world.host(name).transport, { wire: 'classic-json', ...options });
}

async function startAll(world: World, peers: readonly TestPeer[]): Promise<void> {
  await world.runUntil(Promise.all(peers.map(({ connector }) => connector.start())));
}

function isMesh(peers: readonly TestPeer[]): boolean {
  return peers.every(({ connector }) => connector.links.size === peers.length - 1);
}

describe('two programs on a classic wire', () => {
  test('meet exactly once, whichever begins', async () => {
    const times: number[] = [];
    await sweep(
      async (world) => {
        const peers = [classicPeer(world, 'a'), classicPeer(world, 'b')];
        if (world.seed % 2 === 0) peers.reverse();
        await startAll(world, peers.slice(0, 1));
        await world.run({ forMs: (world.seed * 97) % 3000 });
        await startAll(world, peers.slice(1));
        const t = world.now;
        await world.runUntil(() => isMesh(peers), { withinMs: 5000 });
        times.push(world.now - t);
        await world.run({ forMs: 10_000 });
        for (const peer of peers) {
          expect(peer.peers).toHaveLength(1);
          expect(peer.lost).toEqual([]);
          expect(peer.codes).toEqual([]);
        }
        expect(world.connections).toHaveLength(1);
      },
      { seeds: 30 },
    );
    console.log(times.map(Math.round).join(' '));
  });
});
