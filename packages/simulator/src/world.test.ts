import { describe, expect, test } from 'vitest';
import { World } from './world.ts';

describe('time', () => {
  test('passes only while the world is run, and exactly as far as asked', async () => {
    const world = new World();
    const { clock } = world.host('ada').transport;
    const start = clock.now();
    await Promise.resolve();
    expect(clock.now()).toBe(start);
    await world.run({ forMs: 1234.5 });
    expect(clock.now() - start).toBe(1234.5);
    expect(world.now).toBe(1234.5);
  });

  test('timers fire at their moment, in the order of their moments, however they were set', async () => {
    const world = new World();
    const { clock } = world.host('ada').transport;
    const start = clock.now();
    const fired: string[] = [];
    for (const delay of [30, 10, 20, 10]) {
      clock.setTimer(delay, () => fired.push(`${delay} at ${clock.now() - start}`));
    }
    await world.run({ forMs: 25 });
    expect(fired).toEqual(['10 at 10', '10 at 10', '20 at 20']);
    await world.run({ forMs: 5 });
    expect(fired.at(-1)).toBe('30 at 30');
  });

  test('timers of one program that are due together fire in the order in which they were set', async () => {
    const world = new World();
    const { clock } = world.host('ada').transport;
    const fired: number[] = [];
    for (let i = 0; i < 20; i++) clock.setTimer(5, () => fired.push(i));
    await world.run({ forMs: 5 });
    expect(fired).toEqual([...fired.keys()]);
    expect(fired).toHaveLength(20);
  });

  test('each program has a monotonic clock of its own, and all share the time of day', () => {
    const world = new World();
    const [ada, bob] = [world.host('ada').transport.clock, world.host('bob').transport.clock];
    expect(ada.now()).not.toBe(bob.now());
    expect(ada.wallNow()).toBe(bob.wallNow());
  });

  test('a delay that is no number of milliseconds counts as none', async () => {
    const world = new World();
    const { clock } = world.host('ada').transport;
    let fired = 0;
    clock.setTimer(Number.NaN, () => fired++);
    clock.setTimer(-5, () => fired++);
    clock.setTimer(Infinity, () => fired++);
    await world.run({ forMs: 0 });
    expect(fired).toBe(2);
  });
});

describe('a turn', () => {
  test('ends when its promises have run dry, however long their chain is, before the next event', async () => {
    const world = new World();
    const { clock } = world.host('ada').transport;
    const order: string[] = [];
    clock.setTimer(1, () => {
      let chain = Promise.resolve();
      for (let i = 0; i < 1000; i++) chain = chain.then(() => {});
      void chain.then(() => order.push('end of the chain'));
    });
    clock.setTimer(1, () => order.push('next timer'));
    await world.run({ forMs: 1 });
    expect(order).toEqual(['end of the chain', 'next timer']);
  });

  test('has its end called back after its promises, and again for what the callbacks cause', async () => {
    const world = new World();
    const { clock } = world.host('ada').transport;
    const order: string[] = [];
    clock.setTimer(1, () => {
      clock.endOfTurn(() => {
        order.push('end of turn');
        void Promise.resolve().then(async () => {
          await Promise.resolve();
          order.push('promise of the callback');
          clock.endOfTurn(() => order.push('end of turn again'));
        });
      });
      void Promise.resolve().then(() => order.push('promise of the turn'));
    });
    clock.setTimer(1, () => order.push('next timer'));
    await world.run({ forMs: 1 });
    expect(order).toEqual([
      'promise of the turn',
      'end of turn',
      'promise of the callback',
      'end of turn again',
      'next timer',
    ]);
  });

  test('begun outside of a run is brought to its end by the next run', async () => {
    const world = new World();
    let ended = false;
    world.host('ada').transport.clock.endOfTurn(() => (ended = true));
    await world.run({ forMs: 0 });
    expect(ended).toBe(true);
  });

  test('an end-of-turn callback that throws ends the run with its error, after the others were called', async () => {
    const world = new World();
    const { clock } = world.host('ada').transport;
    let called = false;
    clock.endOfTurn(() => {
      throw new Error('defect');
    });
    clock.endOfTurn(() => (called = true));
    await expect(world.run({ forMs: 0 })).rejects.toThrow('defect');
    expect(called).toBe(true);
  });
});

describe('runUntil()', () => {
  test('stops at the event that makes the condition true', async () => {
    const world = new World();
    const { clock } = world.host('ada').transport;
    let done = false;
    clock.setTimer(70, () => (done = true));
    await world.runUntil(() => done);
    expect(world.now).toBe(70);
  });

  test('gives the value of a promise, or throws what it rejects with', async () => {
    const world = new World();
    const { clock } = world.host('ada').transport;
    const later = new Promise<string>((resolve) => clock.setTimer(5, () => resolve('value')));
    expect(await world.runUntil(later)).toBe('value');
    const failing = new Promise((_, reject) => clock.setTimer(5, () => reject(new Error('no'))));
    await expect(world.runUntil(failing)).rejects.toThrow('no');
  });

  test('gives up after its time with ERR_TIMEOUT, and names the seed', async () => {
    const world = new World({ seed: 77 });
    const failure = world.runUntil(() => false, { withinMs: 500 });
    await expect(failure).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await expect(failure).rejects.toThrow('seed 77');
    expect(world.now).toBe(500);
  });
});

describe('the other ways to let time pass', () => {
  test('runAll() ends with the last timer, also one that another has set', async () => {
    const world = new World();
    const { clock } = world.host('ada').transport;
    let rounds = 0;
    const again = (): void => {
      if (++rounds < 5) clock.setTimer(100, again);
    };
    clock.setTimer(100, again);
    await world.runAll();
    expect([rounds, world.now]).toEqual([5, 500]);
  });

  test('runAll() gives up where a timer is always set', async () => {
    const world = new World({ seed: 5 });
    const { clock } = world.host('ada').transport;
    const again = (): void => void clock.setTimer(60_000, again);
    again();
    const sentence =
      /\[ERR_TIMEOUT\] an end of all timers did not come within 3600000 .*\(seed 5\)/;
    await expect(world.runAll()).rejects.toThrow(sentence);
    expect(world.now).toBe(3_600_000);
    await expect(world.runAll({ withinMs: 1_000 })).rejects.toThrow('ERR_TIMEOUT');
  });

  test('settle() waits for what is on its way, and not for timers', async () => {
    const world = new World({ network: { delayMs: 40 } });
    const ada = world.host('ada');
    ada.transport.clock.setTimer(1000, () => {});
    const { name } = world.host('bob');
    let refused = false;
    ada.transport.dial({ host: name, port: 1 }).catch(() => (refused = true));
    await world.settle();
    expect([refused, world.now]).toEqual([true, 80]);
  });

  test('after() acts at its moment, anyTime() at one within its limit that the seed decides', async () => {
    const moments = async (seed: number): Promise<number[]> => {
      const world = new World({ seed });
      const at: number[] = [];
      world.after(20, () => at.push(world.now));
      world.anyTime(() => at.push(world.now), { withinMs: 10 });
      await world.runAll();
      return at;
    };
    const first = await moments(1);
    expect(first[0]).toBeLessThanOrEqual(10);
    expect(first[1]).toBe(20);
    expect(await moments(1)).toEqual(first);
    expect(await moments(2)).not.toEqual(first);
  });

  test('choose() gives each alternative its turn', () => {
    const world = new World();
    const chosen = new Set(Array.from({ length: 100 }, () => world.choose(3)));
    expect(chosen).toEqual(new Set([0, 1, 2]));
  });
});

describe('misuse', () => {
  test('two runs at a time are refused', async () => {
    const world = new World();
    const first = world.run({ forMs: 10 });
    await expect(world.run({ forMs: 10 })).rejects.toMatchObject({ code: 'ERR_STATE' });
    await first;
  });

  test('a second host of a name, and an address outside of its LAN, are refused', () => {
    const world = new World();
    world.host('ada');
    expect(() => world.host('ada')).toThrow('ERR_OPTION');
    expect(() => world.host('bob', { addresses: { lan: '10.2.0.1' } })).toThrow('10.1.0.0/16');
  });

  test('a program that loops without time passing ends the run instead of hanging it', async () => {
    const world = new World();
    const { clock } = world.host('ada').transport;
    const forever = (): void => void clock.setTimer(0, forever);
    forever();
    await expect(world.run({ forMs: 1 })).rejects.toThrow('time stood still');
  });

  test('what a timer throws ends the run, and the world can be run on', async () => {
    const world = new World();
    const { clock } = world.host('ada').transport;
    clock.setTimer(5, () => {
      throw new Error('defect of the program');
    });
    let later = false;
    clock.setTimer(10, () => (later = true));
    await expect(world.run({ forMs: 20 })).rejects.toThrow('defect of the program');
    await world.run({ forMs: 20 });
    expect(later).toBe(true);
  });
});
