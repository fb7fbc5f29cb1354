import { byteMessage, join, type Messenger } from 'cablecar';
import { networks, type NetworkOptions, sweep } from '@cablecar/simulator';
import { expect, it } from 'vitest';

class Count extends byteMessage(0x20, { number: 'u32' }) {}

const SEEDS = 20;
const COUNT = 200;
const numbers = Array.from({ length: COUNT }, (_, number) => number);

it.each(Object.entries<NetworkOptions>(networks))(
  'on %s two find each other, talk, and say goodbye: all in order and once',
  async (name, network) => {
    let slowest = 0;
    await sweep(
      async (world) => {
        const heard: number[][] = [[], []];
        const closed: string[] = [];
        const meshes = await Promise.all(
          ['ada', 'bob'].map((host) =>
            join({ service: 'networks', messages: [Count], transport: world.host(host).transport }),
          ),
        );
        for (const [index, mesh] of meshes.entries()) {
          mesh.on('peer', (peer: Messenger<Count>) => {
            peer.on('message', ({ number }) => heard[index]?.push(number));
            peer.on('close', ({ code }) => closed.push(code));
            for (const number of numbers)
              world.after(number * 10, () => peer.send(new Count({ number })));
          });
        }
        await world.runUntil(() => heard.every(({ length }) => length >= COUNT));
        slowest = Math.max(slowest, world.now);
        await world.run({ forMs: 5_000 });
        expect(heard).toEqual([numbers, numbers]);
        await world.runUntil(Promise.all(meshes.map((mesh) => mesh.close())));
        expect(closed).toHaveLength(2);
        expect(world.openHandles()).toEqual([]);
      },
      { seeds: SEEDS, network },
    );
    console.log(`${name}: ${COUNT} messages each way within ${slowest.toFixed(0)} ms`);
  },
);
