import type { Millis } from '@cablecar/core-protocol';
import { describe, expect, test } from 'vitest';
import { DatagramRecorder } from '../../../test/compliance/recorders.ts';
import { networks } from './networks.ts';
import { type NetworkOptions, resolveNetworkOptions } from './options.ts';
import type { Range } from './prng.ts';
import { World } from './world.ts';

const PORT = 18_222;
const SENT = 1_000;
const PRESETS = Object.entries<NetworkOptions>(networks);
const greatest = (range: Range): Millis => (typeof range === 'number' ? range : range[1]);

/** How many of the datagrams sent arrive, and how long each takes. */
async function tryOut(network: NetworkOptions): Promise<{ heard: number; tookMs: Millis[] }> {
  const world = new World({ network });
  const tookMs: Millis[] = [];
  const heard = new Set<string>();
  const options = { port: PORT, interfaces: 'all' } as const;
  const port = await world
    .host('ada')
    .transport.openDatagrams({ ...options, handlers: new DatagramRecorder() });
  let sentAt = 0;
  const handlers = new DatagramRecorder();
  await world.host('bob').transport.openDatagrams({ ...options, handlers });
  world.observe(
    ({ where, at, bytes }) => {
      if (where !== 'bob' || !bytes) return;
      heard.add(new TextDecoder().decode(bytes));
      tookMs.push(at - sentAt);
    },
    ['datagram:heard'],
  );
  for (let number = 0; number < SENT; number++) {
    sentAt = world.now;
    port.broadcast(new TextEncoder().encode(String(number)), 'subnet');
    await world.settle();
  }
  return { heard: heard.size, tookMs };
}

describe('the networks', () => {
  test.each(PRESETS)('%s has valid options', (_, network) => {
    expect(resolveNetworkOptions(network)).toMatchObject(network);
  });

  test.each(PRESETS)('%s loses and delays as much as it says', async (_, network) => {
    const { delayMs, lateChance, lateByMs, datagramLoss } = resolveNetworkOptions(network);
    const { heard, tookMs } = await tryOut(network);
    expect(heard / SENT).toBeCloseTo(1 - datagramLoss, 1);
    const late = tookMs.filter((ms) => ms > greatest(delayMs) + 1);
    expect(late.length / tookMs.length).toBeCloseTo(lateChance, 1);
    expect(late.length > 0).toBe(lateChance > 0);
    expect(Math.max(...tookMs)).toBeLessThan(
      greatest(delayMs) + (lateChance > 0 ? greatest(lateByMs) : 0) + 1,
    );
  });

  test('come from the best to the worst', () => {
    const figures = PRESETS.map(([, network]) => resolveNetworkOptions(network));
    for (const [index, worse] of figures.entries()) {
      const better = figures[index - 1];
      if (!better) continue;
      expect(greatest(worse.delayMs)).toBeGreaterThan(greatest(better.delayMs));
      expect(worse.lateChance).toBeGreaterThan(better.lateChance);
      expect(worse.datagramLoss).toBeGreaterThan(better.datagramLoss);
      expect(worse.bytesPerMs).toBeLessThan(better.bytesPerMs);
    }
  });
});
