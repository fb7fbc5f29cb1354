// A game in a simulated world: how far behind does each see the other, on networks from good to bad?
// A minute of play on each takes no minute; every run of this program prints the same.
import { networks, World, type NetworkOptions } from '@cablecar/simulator';
import { GameLoopAdapter, gameLoop, join } from 'cablecar';
import { Position } from './messages.ts';

const HZ = 60;

/** Plays for a minute; how many frames behind the other was shown, frame by frame, in ascending order. */
async function play(network: NetworkOptions): Promise<number[]> {
  const world = new World({ seed: 1, network });
  const behind: number[] = [];
  const frameNow = (): number => Math.round((world.now * HZ) / 1_000);

  for (const name of ['ada', 'bob']) {
    const { transport } = world.host(name);
    const mesh = await join({ service: 'bad-network', name, messages: [Position], transport });
    mesh.on('peer', (peer) => {
      const line = new GameLoopAdapter(peer);
      let shown: Position | undefined;
      void gameLoop({ hz: HZ, clock: transport.clock }, () => {
        const own = new Position({ frame: frameNow(), x: 0, y: 0, name });
        line.send(own, { delivery: 'latest', key: name });
        line.xfer();
        for (let message; (message = line.get()) !== null;) shown = message;
        if (shown) behind.push(frameNow() - shown.frame);
      });
    });
  }
  await world.run({ forMs: 60_000 });
  return behind.sort((a, b) => a - b);
}

for (const [name, network] of Object.entries(networks)) {
  const behind = await play(network);
  const at = (share: number): number => behind[Math.floor((behind.length - 1) * share)] ?? 0;
  const figures = `${at(0.5)} mostly, ${at(0.95)} at times, ${at(1)} at worst`;
  console.log(`${name.padEnd(12)} frames behind the other: ${figures}`);
}
