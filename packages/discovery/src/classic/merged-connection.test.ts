import {
  CLASSIC_CONNECTION,
  type CableCarError,
  type Connection,
  type Transport,
} from '@cablecar/core-protocol';
import { sweep, World } from '@cablecar/simulator';
import { describe, expect, test } from 'vitest';
import { ConnectionRecorder } from '../../../../test/compliance/recorders.ts';
import { MergedConnection, type MergedConnectionOptions } from './merged-connection.ts';
import type { Side } from './merge-types.ts';

const PORT = 7_000;
const MAX_FRAME_BYTES = 1_024;

/** Both ends of one connection. */
interface Wire {
  readonly near: Connection;
  readonly far: Connection;
  readonly farEnd: ConnectionRecorder;
}

/** Two hosts, the near one with a merged connection to the far one. */
class Scene {
  readonly world: World;
  readonly warnings: CableCarError[] = [];
  readonly end = new ConnectionRecorder();
  merged!: MergedConnection;
  readonly #near: Transport;
  readonly #far: Transport;
  readonly #accepted: ((connection: Connection) => void)[] = [];

  constructor(world: World) {
    this.world = world;
    this.#near = world.host('near').transport;
    this.#far = world.host('far').transport;
    for (const transport of [this.#near, this.#far]) {
      void transport.listen({
        ...CLASSIC_CONNECTION,
        port: PORT,
        interfaces: 'all',
        onConnection: (connection) => this.#accepted.shift()?.(connection),
      });
    }
  }

  /** A connection that one of them dials. */
  async connect(side: Side): Promise<Wire> {
    const accepted = new Promise<Connection>((resolve) => this.#accepted.push(resolve));
    const [from, host] = side === 'ours' ? [this.#near, 'far'] : [this.#far, 'near'];
    const dialled = await this.world.runUntil(from.dial({ host, port: PORT }, CLASSIC_CONNECTION));
    const answered = await this.world.runUntil(accepted);
    const [near, far] = side === 'ours' ? [dialled, answered] : [answered, dialled];
    const farEnd = new ConnectionRecorder();
    far.attach(farEnd);
    return { near, far, farEnd };
  }

  /** Makes the merged connection of a first one. */
  merge(first: Side, { near }: Wire, options: Partial<MergedConnectionOptions> = {}): void {
    this.merged = new MergedConnection({
      connection: near,
      first,
      isCrossing: false,
      guess: 'ours',
      clock: this.#near.clock,
      wire: 'classic-json',
      maxMessageBytes: MAX_FRAME_BYTES,
      onWarning: (error) => this.warnings.push(error),
      ...options,
    });
    this.merged.attach(this.end);
  }

  /** Both connections, ours first. */
  async crossed(options: Partial<MergedConnectionOptions> = {}): Promise<Record<Side, Wire>> {
    const ours = await this.connect('ours');
    const theirs = await this.connect('theirs');
    this.merge('ours', ours, options);
    this.merged.join('theirs', theirs.near);
    return { ours, theirs };
  }

  run(forMs: number): Promise<void> {
    return this.world.run({ forMs });
  }
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

/** Line n of what somebody says. */
function line(who: string, n: number): string {
  return `["${who}",{"n":${n},"text":"${'x'.repeat(n % 40)}"}]\n`;
}

function linesOf(recorder: ConnectionRecorder): string[] {
  return recorder.text.split('\n').slice(0, -1);
}

const other = (side: Side): Side => (side === 'ours' ? 'theirs' : 'ours');

describe('what is read', () => {
  test('of two connections are whole frames, in the order of each, whatever the cuts (§9.4(2))', async () => {
    await sweep(
      async (world) => {
        const scene = new Scene(world);
        const wires = await scene.crossed();
        for (let n = 0; n < 60; n++) {
          for (const side of ['ours', 'theirs'] as const)
            wires[side].far.write([bytes(line(side, n))]);
          await scene.run(world.choose(3));
        }
        await scene.run(2_000);
        const read = linesOf(scene.end);
        for (const side of ['ours', 'theirs'] as const) {
          const said = Array.from({ length: 60 }, (_, n) => line(side, n).trimEnd());
          expect(read.filter((one) => one.includes(`"${side}"`))).toEqual(said);
        }
        expect(read).toHaveLength(120);
      },
      { seeds: 30, network: { chunkBytes: [1, 9], delayMs: [0, 20] } },
    );
  });

  test('stops on both while paused, also on one that joins then', async () => {
    const scene = new Scene(new World());
    const ours = await scene.connect('ours');
    scene.merge('ours', ours);
    scene.merged.pause();
    const theirs = await scene.connect('theirs');
    scene.merged.join('theirs', theirs.near);
    ours.far.write([bytes(line('ours', 1))]);
    theirs.far.write([bytes(line('theirs', 1))]);
    await scene.run(100);
    expect(scene.end.text).toBe('');
    scene.merged.resume();
    await scene.run(100);
    expect(linesOf(scene.end)).toHaveLength(2);
  });

  test('skips a line that is too long, with a word about it, before the one behind it', async () => {
    const scene = new Scene(new World());
    const ours = await scene.connect('ours');
    scene.merge('ours', ours);
    ours.far.write([bytes(`${'x'.repeat(MAX_FRAME_BYTES + 1)}\n${line('ours', 1)}`)]);
    await scene.run(100);
    expect(scene.warnings.map(({ code }) => code)).toEqual(['ERR_FRAME_TOO_LARGE']);
    expect(scene.end.text).toBe(line('ours', 1));
  });

  test('on a connection whose bytes are no frames costs that one alone', async () => {
    const scene = new Scene(new World());
    const { ours, theirs } = await scene.crossed({ wire: 'classic-byte' });
    theirs.far.write([Buffer.from([0, 1, 2])]);
    await scene.run(100);
    expect(scene.warnings.map(({ code }) => code)).toEqual(['ERR_FRAME']);
    expect(theirs.farEnd.calls).toContain('close');
    ours.far.write([Buffer.from([2, 4])]);
    await scene.run(100);
    expect([...scene.end.bytes]).toEqual([2, 4]);
    ours.far.write([Buffer.from([1])]);
    await scene.run(100);
    expect(scene.end.calls).toEqual(['chunk', 'close']);
    expect(scene.end.error?.code).toBe('ERR_FRAME');
  });
});

describe('what is written', () => {
  test('arrives once and in order on the connection that the peer uses, whichever, and whatever becomes of the other', async () => {
    await sweep(
      async (world) => {
        const scene = new Scene(world);
        const used: Side = world.choose(2) === 0 ? 'ours' : 'theirs';
        const speaksAfterMs = [0, 100, 700, undefined][world.choose(4)];
        // A program that never says a word has to drop the connection that it does not use.
        const dropsAfterMs =
          speaksAfterMs === undefined || world.choose(2) === 0 ? 2_500 : undefined;
        const first: Side = world.choose(2) === 0 ? 'ours' : 'theirs';
        const wires: Partial<Record<Side, Wire>> = {};
        wires[first] = await scene.connect(first);
        scene.merge(first, wires[first], {
          isCrossing: first === 'theirs',
          guess: world.choose(2) === 0 ? 'ours' : 'theirs',
        });
        const second = other(first);
        wires[second] = await scene.connect(second);
        scene.merged.join(second, wires[second].near);
        const joined = world.now;
        let n = 0;
        let isHeld = false;
        let hasSpoken = false;
        scene.end.onDrain = () => void (isHeld = false);
        while (world.now - joined < 4_000) {
          if (!isHeld) isHeld = !scene.merged.write([bytes(line('us', n++))]);
          const ms = world.now - joined;
          if (ms >= (speaksAfterMs ?? Infinity) && !hasSpoken) {
            hasSpoken = true;
            wires[used]!.far.write([bytes(line('peer', 0))]);
          }
          if (ms >= (dropsAfterMs ?? Infinity)) wires[other(used)]!.far.destroy();
          await scene.run(1 + world.choose(60));
        }
        await scene.run(1_000);
        expect(isHeld).toBe(false);
        const said = Array.from({ length: n }, (_, at) => line('us', at).trimEnd());
        expect(linesOf(wires[used]!.farEnd)).toEqual(said);
        expect(scene.end.count('close')).toBe(0);
        scene.merged.destroy();
        await scene.run(1_000);
        expect(scene.end.count('close')).toBe(1);
        expect(world.openHandles().filter(({ kind }) => kind !== 'listener')).toEqual([]);
      },
      { seeds: 150, network: { delayMs: [0, 30], chunkBytes: [1, 400] } },
    );
  });

  test('is kept until it is known where to, and taken back from the writer then', async () => {
    const scene = new Scene(new World());
    const { ours, theirs } = await scene.crossed();
    expect(scene.merged.write([bytes('a'), bytes('b')])).toBe(false);
    expect(scene.merged.bufferedBytes).toBe(2);
    await scene.run(900);
    expect(scene.end.calls).toEqual([]);
    theirs.far.write([bytes(line('peer', 0))]);
    await scene.run(100);
    expect(scene.end.calls).toEqual(['chunk', 'drain']);
    expect(scene.merged.bufferedBytes).toBe(0);
    expect([ours.farEnd.text, theirs.farEnd.text]).toEqual(['', 'ab']);
  });

  test('belongs to the writer again as soon as it answered true, also where the peer never reads it', async () => {
    const scene = new Scene(new World({ network: { windowBytes: 1_000 } }));
    const { ours, theirs } = await scene.crossed();
    ours.far.pause();
    await scene.run(1_100); // it is guessed that the peer uses ours
    const piece = Buffer.from(line('us', 1));
    expect(scene.merged.write([piece])).toBe(true);
    const much = Buffer.alloc(5_000, 'x');
    expect(scene.merged.write([much])).toBe(false);
    theirs.far.write([bytes(line('peer', 0))]);
    await scene.run(500);
    expect(scene.end.calls).toEqual(['chunk', 'drain']); // the other connection takes more, though ours never will
    piece.fill('y');
    much.fill('y');
    ours.far.resume();
    await scene.run(500);
    expect(ours.farEnd.text).toBe(line('us', 1) + 'x'.repeat(5_000));
  });

  test('too much to be kept for a connection that is never read is given up', async () => {
    const scene = new Scene(new World());
    const { ours, theirs } = await scene.crossed();
    await scene.run(1_100);
    for (let at = 0; at < 70; at++) scene.merged.write([Buffer.alloc(1_000, 'x')]);
    ours.far.destroy();
    await scene.run(500);
    expect(theirs.farEnd.text).toBe('');
    scene.merged.write([bytes(line('us', 1))]);
    await scene.run(500);
    expect(theirs.farEnd.text).toBe(line('us', 1));
  });

  test('last is followed by the end, on both (§9.5(1))', async () => {
    const scene = new Scene(new World());
    const { ours, theirs } = await scene.crossed({ guess: 'theirs' });
    scene.merged.write([bytes('last words')]);
    scene.merged.end();
    expect(scene.merged.write([bytes('ignored')])).toBe(true);
    await scene.run(400);
    expect([ours.farEnd.text, theirs.farEnd.text]).toEqual(['', 'last words']);
    for (const { farEnd } of [ours, theirs]) expect(farEnd.calls.at(-1)).toBe('end');
    expect(scene.end.calls).toEqual(['drain']);
    await scene.run(200); // a Python program would never finish
    expect(scene.end.calls).toEqual(['drain', 'close']);
    expect(scene.end.error).toBeUndefined();
  });
});

describe('the end', () => {
  test('is told once, when both connections are gone (§9.5(3))', async () => {
    const scene = new Scene(new World());
    const { ours, theirs } = await scene.crossed();
    theirs.far.write([bytes(line('peer', 0))]);
    await scene.run(100);
    theirs.far.end();
    await scene.run(100);
    expect(scene.end.calls).toEqual(['chunk', 'close']);
    expect(scene.end.error).toBeUndefined();
    expect(ours.farEnd.calls).toEqual(['close']);
    expect(ours.farEnd.error?.code).toBe('ERR_CONNECTION_LOST');
  });

  test('by a reset is a loss', async () => {
    const scene = new Scene(new World());
    const theirs = await scene.connect('theirs');
    scene.merge('theirs', theirs);
    theirs.far.destroy();
    await scene.run(100);
    expect(scene.end.error?.code).toBe('ERR_CONNECTION_LOST');
  });

  test('after destroy() follows the call, and reaches also those who overlook an end (§9.5(2))', async () => {
    const scene = new Scene(new World());
    const { ours, theirs } = await scene.crossed();
    scene.merged.destroy();
    expect(scene.end.calls).toEqual([]);
    await scene.run(100);
    expect(scene.end.calls).toEqual(['close']);
    for (const { farEnd } of [ours, theirs]) {
      expect(farEnd.error?.code).toBe('ERR_CONNECTION_LOST');
    }
    const late = await scene.connect('theirs');
    scene.merged.join('theirs', late.near);
    await scene.run(100);
    expect(late.farEnd.calls).toEqual(['close']);
  });
});
