import type { Connection, ConnectionHandlers, DatagramPort } from '@cablecar/core-protocol';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { DatagramRecorder } from '../../../test/compliance/recorders.ts';
import { explore, replay, type Exploration, type ExploreOptions } from './explore.ts';
import { type Scenario, ScenarioFailure } from './scenario.ts';
import { World } from './world.ts';

const PORT = 9;

interface Place {
  readonly port: DatagramPort;
  readonly heard: string[];
}

/** A host that hears datagrams; `onText` may answer. */
async function place(
  world: World,
  name: string,
  onText: (text: string) => void = () => {},
): Promise<Place> {
  const heard: string[] = [];
  const handlers = new DatagramRecorder();
  handlers.onDatagram = (bytes) => {
    const text = new TextDecoder().decode(bytes);
    heard.push(text);
    onText(text);
  };
  const { transport } = world.host(name);
  const port = await transport.openDatagrams({ port: PORT, interfaces: ['eth0'], handlers });
  return { port, heard };
}

function send(from: Place, to: string, text: string): void {
  const bytes = new TextEncoder().encode(text);
  from.port.send(bytes, { host: to, port: PORT });
}

function listening(some: Partial<ConnectionHandlers>): ConnectionHandlers {
  return { onChunk() {}, onDrain() {}, onEnd() {}, onClose() {}, ...some };
}

/** Runs an exploration and collects what the scenario gives at each end. */
async function outcomes(
  scenario: (world: World) => Promise<unknown>,
  options: ExploreOptions = {},
): Promise<Exploration & { readonly seen: readonly string[] }> {
  const seen = new Set<string>();
  const exploration = await explore(async (world) => {
    seen.add(JSON.stringify(await scenario(world)));
  }, options);
  return { ...exploration, seen: [...seen].toSorted() };
}

/** Three datagrams to one host, which tells in which order they came. */
const threeDatagrams = async (world: World): Promise<string[]> => {
  const ada = await place(world, 'ada');
  const bob = await place(world, 'bob');
  for (const text of ['a', 'b', 'c']) send(ada, '10.1.0.2', text);
  await world.runAll();
  return bob.heard;
};

/** Streams from two hosts to a third one; nothing is open to chance until they are written to. */
async function twoStreams(world: World, chunks: readonly [number, number]): Promise<string> {
  const eve = world.host('eve');
  let read = '';
  await eve.transport.listen({
    port: PORT,
    interfaces: 'all',
    onConnection: (connection) =>
      connection.attach(listening({ onChunk: ([byte]) => (read += String.fromCharCode(byte!)) })),
  });
  const lines: Connection[] = [];
  for (const name of ['ada', 'bob']) {
    const { transport } = world.host(name);
    lines.push(await world.runUntil(transport.dial({ host: 'eve', port: PORT })));
  }
  for (let i = 0; i < chunks[0]; i++) lines[0]!.write([Uint8Array.of(65 + i)]);
  for (let i = 0; i < chunks[1]; i++) lines[1]!.write([Uint8Array.of(97 + i)]);
  await world.runAll();
  return read;
}

describe('an exploration', () => {
  test('delivers datagrams in every order', async () => {
    const { seen, schedules, complete } = await outcomes(threeDatagrams);
    expect(seen).toHaveLength(6);
    expect([schedules, complete]).toEqual([6, true]);
  });

  test('keeps the order within a stream and mixes streams in every way', async () => {
    const { seen, schedules } = await outcomes((world) => twoStreams(world, [3, 2]));
    expect(seen).toHaveLength(10);
    expect(schedules).toBe(10);
    for (const read of seen) {
      expect(read.replaceAll(/[^A-Z]/g, '')).toBe('ABC');
      expect(read.replaceAll(/[^a-z]/g, '')).toBe('ab');
    }
  });

  test.each([
    [false, ['"datagram timer"']],
    [true, ['"datagram timer"', '"timer datagram"']],
  ])(
    'has a timer overtake what is on its way only if asked to: %s',
    async (raceTimers, expected) => {
      const { seen } = await outcomes(
        async (world) => {
          const order: string[] = [];
          const ada = await place(world, 'ada');
          await place(world, 'bob', () => order.push('datagram'));
          world.host('eve').transport.clock.setTimer(5, () => order.push('timer'));
          send(ada, '10.1.0.2', 'x');
          await world.runAll();
          return order.join(' ');
        },
        { raceTimers },
      );
      expect(seen).toEqual(expected);
    },
  );

  test('fires timers in the order of their moments, and those of one moment in every order of programs', async () => {
    const { seen } = await outcomes(async (world) => {
      const order: string[] = [];
      for (const name of ['ada', 'bob']) {
        const { clock } = world.host(name).transport;
        for (const delay of [2, 1, 1]) clock.setTimer(delay, () => order.push(`${name} ${delay}`));
      }
      await world.runAll();
      expect(order.map((entry) => entry.at(-1)).join('')).toBe('111122');
      return order.join(', ');
    });
    expect(seen).toHaveLength(6 * 2);
  });

  test('loses and doubles a datagram, and does not, where the network may', async () => {
    const { seen } = await outcomes(
      async (world) => {
        const ada = await place(world, 'ada');
        const bob = await place(world, 'bob');
        send(ada, '10.1.0.2', 'x');
        await world.runAll();
        return bob.heard.length;
      },
      { network: { datagramLoss: 0.5, datagramDuplication: 0.5 } },
    );
    expect(seen).toEqual(['0', '1', '2']);
  });

  test('does what may happen at any time between any two events, and takes every choice', async () => {
    const { seen } = await outcomes(async (world) => {
      let read = 0;
      let cutAt = -1;
      world.anyTime(() => (cutAt = read));
      const ada = await place(world, 'ada');
      await place(world, 'bob', () => read++);
      for (let i = 0; i < 3; i++) send(ada, '10.1.0.2', 'x');
      await world.runAll();
      return [cutAt, world.choose(2)];
    });
    expect(seen).toEqual(['[0,0]', '[0,1]', '[1,0]', '[1,1]', '[2,0]', '[2,1]', '[3,0]', '[3,1]']);
  });

  test('lets time pass up to the limit of a run', async () => {
    const { seen } = await outcomes(async (world) => {
      let ticks = 0;
      const { clock } = world.host('ada').transport;
      const tick = (): void => {
        ticks++;
        clock.setTimer(1000, tick);
      };
      clock.setTimer(1000, tick);
      await world.run({ forMs: 5500 });
      return [ticks, world.now];
    });
    expect(seen).toEqual(['[5,5500]']);
  });
});

type Rule = 'the first wins' | 'the one that bob dialled wins';

/** Two programs dial each other at once, and each is to keep one connection: the same one. */
function tieBreak(rule: Rule): Scenario {
  return async (world) => {
    const hosts = [world.host('ada'), world.host('bob')];
    const kept = new Map<string, Connection[]>();
    for (const { name, transport } of hosts) {
      const other = name === 'ada' ? 'bob' : 'ada';
      const mine: Connection[] = [];
      kept.set(name, mine);
      const met = (connection: Connection, dialler: string): void => {
        // Heard from for the first time: it is kept, or one of the two has to go.
        const decide = (): void => {
          const [rival] = mine;
          const wins = rule === 'the one that bob dialled wins' && dialler === 'bob';
          if (rival && !wins) connection.destroy();
          else mine.splice(0, 1, connection);
          if (rival && wins) rival.destroy();
        };
        const onClose = (): void => {
          if (mine.includes(connection)) mine.splice(mine.indexOf(connection), 1);
        };
        connection.attach(listening({ onChunk: decide, onEnd: () => connection.end(), onClose }));
        connection.write([Uint8Array.of(1)]);
      };
      await transport.listen({
        port: PORT,
        interfaces: 'all',
        onConnection: (connection) => met(connection, other),
      });
      const dialling = transport.dial({ host: other, port: PORT });
      void dialling.then((connection) => met(connection, name));
    }
    await world.runAll();
    const ends = [...kept.values()].flat().map(({ local, remote }) => [local.port, remote.port]);
    if (kept.get('ada')!.length !== 1 || kept.get('bob')!.length !== 1) {
      throw new Error(`${ends.length} ends are left, expected 2`);
    }
    expect(ends[0]).toEqual(ends[1]!.toReversed());
  };
}

describe('a planted race', () => {
  test('is found, told with the choices and the transcript that lead to it, and replayed by them', async () => {
    const scenario = tieBreak('the first wins');
    const failure = await explore(scenario).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ScenarioFailure);
    const { choices, message, cause, transcript } = failure as ScenarioFailure;
    expect((cause as Error).message).toContain('0 ends are left');
    expect(message).toContain(`replay it with choices [${choices.join(', ')}]`);
    expect(transcript.join('\n')).toContain('connected ada#1');
    await expect(replay(scenario, choices)).rejects.toThrow('0 ends are left');
    await expect(replay(scenario, [])).resolves.toBeInstanceOf(World);
  });

  test('is not in the right rule, in any schedule', async () => {
    const scenario = tieBreak('the one that bob dialled wins');
    const exploration = await explore(scenario, { mergeStates: true });
    expect(exploration.complete).toBe(true);
    expect(exploration.states).toBeGreaterThan(1000);
  });
});

describe('merging states', () => {
  test('walks each of them once, where programs have nothing to do with each other', async () => {
    const twoPairs: Scenario = async (world) => {
      for (const [from, to] of [
        ['ada', 'bob'],
        ['eve', 'joe'],
      ] as const) {
        const onConnection = (connection: Connection): void => connection.attach(listening({}));
        const { transport } = world.host(to);
        await transport.listen({ port: PORT, interfaces: 'all', onConnection });
        const near = await world.runUntil(
          world.host(from).transport.dial({ host: to, port: PORT }),
        );
        for (let i = 0; i < 4; i++) near.write([Uint8Array.of(i)]);
      }
      await world.runAll();
    };
    const all = await explore(twoPairs);
    const merging = await explore(twoPairs, { mergeStates: true });
    expect(merging.states).toBe(all.states);
    expect(merging.complete).toBe(true);
    expect(merging.schedules).toBeLessThan(all.schedules / 2);
    expect(merging.merged).toBeGreaterThan(0);
  });

  test('finds the race as well', async () => {
    const exploring = explore(tieBreak('the first wins'), { mergeStates: true });
    await expect(exploring).rejects.toBeInstanceOf(ScenarioFailure);
  });

  /**
   * Programs, two of them on one host, that answer by what they have heard so far, at once or after a while, as long
   * as their patience lasts. Gives what each has heard.
   */
  const talk =
    (tables: readonly (readonly number[])[]) =>
    async (world: World): Promise<string[][]> => {
      const [one, other] = [world.host('one'), world.host('other')];
      const programs = [one.program('a'), one.program('b'), other.program()];
      const heard: string[][] = [[], [], []];
      for (const [i, { transport }] of programs.entries()) {
        const table = tables[i]!;
        const { clock } = transport;
        let patience = 2;
        const handlers = new DatagramRecorder();
        const port = await transport.openDatagrams({ port: PORT, interfaces: ['eth0'], handlers });
        const answer = (text: string, way: number): void => {
          if (way === 0) port.broadcast(new TextEncoder().encode(text), 'subnet');
          if (way === 1)
            port.send(new TextEncoder().encode(text), { host: '10.1.0.1', port: PORT });
          if (way === 2) clock.setTimer(10, () => answer(`${text}!`, 1));
        };
        handlers.onDatagram = (bytes) => {
          const text = new TextDecoder().decode(bytes);
          const way = table[heard[i]!.push(text) % table.length]!;
          if (patience-- > 0) answer(`${text}${i}`, way);
        };
        if (i === 2) port.broadcast(Uint8Array.of(65), 'subnet');
      }
      await world.runAll();
      return heard;
    };

  const tables = fc.array(fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }), {
    minLength: 3,
    maxLength: 3,
  });

  test.prop([tables, fc.boolean()], { numRuns: 20 })(
    'misses no outcome of programs that meet on the network alone',
    async (answers, raceTimers) => {
      const all = await outcomes(talk(answers), { raceTimers, maxSchedules: 1000 });
      fc.pre(all.complete);
      const merging = await outcomes(talk(answers), { raceTimers, mergeStates: true });
      expect(merging.states).toBe(all.states);
      expect(merging.seen).toEqual(all.seen);
    },
  );

  test('needs to be told what the scenario keeps beside its programs', async () => {
    let order = '';
    const scenario = async (world: World): Promise<string> => {
      order = '';
      const ada = await place(world, 'ada');
      await place(world, 'bob', () => (order += 'b'));
      await place(world, 'eve', () => (order += 'e'));
      send(ada, '10.1.0.2', 'x');
      send(ada, '10.1.0.3', 'x');
      send(ada, '10.1.0.3', 'y'); // so that the orders meet in a state that is not the last
      await world.runAll();
      return order;
    };
    const all = await outcomes(scenario);
    const untold = await outcomes(scenario, { mergeStates: true });
    const told = await outcomes(scenario, { mergeStates: true, fingerprint: () => order });
    expect(untold.seen.length).toBeLessThan(all.seen.length);
    expect(told.seen).toEqual(all.seen);
  });
});

describe('the limits of an exploration', () => {
  test('end it early, and it says that it is incomplete', async () => {
    const few = await explore(async (world) => void (await threeDatagrams(world)), {
      maxSchedules: 4,
    });
    expect(few).toMatchObject({ schedules: 4, complete: false });
    const shallow = await explore(async (world) => void (await threeDatagrams(world)), {
      maxChoices: 1,
    });
    expect(shallow).toMatchObject({ schedules: 3, deepest: 1, complete: false });
  });

  test('do not hide a scenario that does not do the same each time', async () => {
    let runs = 0;
    const scenario: Scenario = async (world) => {
      const ada = await place(world, 'ada');
      await place(world, 'bob');
      runs++;
      for (let i = 0; i < 1 + runs; i++) send(ada, '10.1.0.2', 'x');
      await world.runAll();
    };
    await expect(explore(scenario)).rejects.toThrow('expected the scenario to do the same');
  });
});
