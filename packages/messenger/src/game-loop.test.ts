import { World, type SimHost } from '@cablecar/simulator';
import { describe, expect, it } from 'vitest';
import { gameLoop, type GameLoopOptions, type Tick } from './game-loop.ts';

interface Game {
  readonly world: World;
  readonly host: SimHost;
  readonly frames: Tick[];
  readonly ended: Promise<void>;
}

/** A loop on simulated time that does nothing but count, unless told otherwise. */
function play(
  options: GameLoopOptions = {},
  tick: (frame: Tick) => void | boolean = () => {},
): Game {
  const world = new World();
  const host = world.host('ada');
  const frames: Tick[] = [];
  const ended = gameLoop({ clock: host.transport.clock, ...options }, (frame) => {
    frames.push(frame);
    return tick(frame);
  });
  return { world, host, frames, ended };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, number) => number);
const deltas = ({ frames }: Game): number[] => frames.map(({ deltaMs }) => deltaMs);

describe('a game loop on simulated time', () => {
  it.each([1, 20, 60, 144, 1_000])('keeps %i Hz without drift', async (hz) => {
    const game = play({ hz });
    await game.world.run({ forMs: 100_000.5 });
    expect(game.frames.map(({ number }) => number)).toEqual(upTo(100 * hz + 1));
    for (const delta of deltas(game)) expect(delta).toBeCloseTo(1_000 / hz, 2);
  });

  it('skips no number after a stall, and does not catch up', async () => {
    const game = play({ hz: 50 });
    await game.world.run({ forMs: 1_010 });
    game.host.stall(500);
    await game.world.run({ forMs: 1_000 });
    expect(game.frames.map(({ number }) => number)).toEqual(upTo(game.frames.length));
    expect(deltas(game).filter((delta) => delta > 21)).toEqual([510]);
    expect(deltas(game).filter((delta) => delta < 19)).toEqual([]);
  });

  it('stands still while its host sleeps, if its clock does', async () => {
    const game = play({ hz: 50 });
    await game.world.run({ forMs: 1_010 });
    game.host.sleep(60_000);
    await game.world.run({ forMs: 61_000 });
    expect(Math.max(...deltas(game))).toBeCloseTo(20, 2);
  });

  it('sleeps between frames also when it was told to be busy: nothing is late there', async () => {
    const game = play({ hz: 50, busy: true });
    await game.world.run({ forMs: 1_000 });
    expect(game.frames).toHaveLength(51);
  });

  it('ends when the signal aborts, when a tick answers false, and with what a tick throws', async () => {
    const abort = new AbortController();
    const aborted = play({ signal: abort.signal });
    aborted.world.after(1_000, () => abort.abort());
    await aborted.world.runUntil(aborted.ended);
    expect(aborted.world.now).toBeLessThan(1_020);

    const over = play({ hz: 10 }, ({ number }) => number < 3);
    await over.world.runUntil(over.ended);
    expect(over.frames).toHaveLength(4);

    const broken = play({}, ({ number }) => {
      if (number === 2) throw new Error('a bug of the game');
    });
    await expect(broken.world.runUntil(broken.ended)).rejects.toThrow('a bug of the game');
    for (const { world } of [aborted, over, broken]) expect(world.openHandles()).toEqual([]);
  });

  it('ends with the program that crashes: no frame comes after that', async () => {
    const game = play();
    await game.world.run({ forMs: 500 });
    game.host.crash();
    const { length } = game.frames;
    await game.world.run({ forMs: 500 });
    expect(game.frames).toHaveLength(length);
  });

  it.each([0, -1, 1_001, Number.NaN])('refuses %d Hz', (hz) => {
    expect(() => play({ hz })).toThrow(/\[ERR_OPTION\] hz is .*, expected a number above 0/);
  });
});
