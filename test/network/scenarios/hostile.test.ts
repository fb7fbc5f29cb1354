import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { bundle } from '../../support/bundle.ts';
import { Program } from '../../support/program.ts';
import type { SiegeOptions } from '../programs/siege.ts';
import { monotonicMs } from '../talking/monotonic.ts';
import { describeScenarios } from './scenario.ts';

const SEED = 24;
const NEWCOMER_MS = 3_000;
/** What a busy machine lets the besieger do at least, or it was no siege. */
const LEAST_DATAGRAMS_PER_SECOND = 1_000;
const LEAST_CONNECTIONS_PER_SECOND = 50;
/** What forged beacons may make a program dial: some at once, and then so many each second; and honest dials. */
const DIALS_AT_ONCE = 20 + 10;
const DIALS_PER_SECOND = 10;
const HOSTILE_ADDRESSES = 50;
/** What a siege may cost a program in memory. */
const GROWTH_BYTES = 64 * 2 ** 20;

describeScenarios('a hostile host', (scenario) => {
  scenario('24: every kind of attack at once, beside honest hosts', async ({ stage, scale }) => {
    const all = await stage(5);
    const hostile = all.lan.host(4);
    const sources = Array.from(
      { length: HOSTILE_ADDRESSES },
      (_, index) => `10.77.66.${index + 1}`,
    );
    hostile.addAddresses(sources);
    const seconds = scale(20, 3);
    const siege: SiegeOptions = {
      targets: all.lan.hosts.slice(0, 3).map((host) => host.address()),
      sources,
      udpPort: 18_222,
      seconds,
      datagramsPerSecond: 10_000,
      connectionsPerSecond: 500,
      seed: SEED,
    };
    const path = await bundle('test/network/programs/siege.ts');
    const command = [process.execPath, path, JSON.stringify(siege)];
    const honest = await all.meet({ isTimed: true }, 3);
    const dials = all.lan.host(0).countDialsSent();
    const besieger = new Program('siege', [...hostile.inside, ...command]);
    try {
      await besieger.next(({ kind }) => kind === 'begun');
      const begunAt = monotonicMs();
      all.talk({ messages: seconds * 1_000, perSecond: 1_000 });
      await sleep((seconds * 1_000) / 2);
      const newcomer = await all.load(3, { isTimed: true });
      const began = monotonicMs();
      await newcomer.join();
      await all.untilMet(NEWCOMER_MS);
      const newcomerMs = Math.max(...newcomer.events('peer').map(({ at }) => Number(at))) - began;
      const { datagrams, connections } = await besieger.next(({ kind }) => kind === 'over');
      expect(datagrams).toBeGreaterThanOrEqual(seconds * LEAST_DATAGRAMS_PER_SECOND);
      expect(connections).toBeGreaterThanOrEqual(seconds * LEAST_CONNECTIONS_PER_SECOND);
      const madeDials = dials();
      expect(madeDials).toBeLessThanOrEqual(
        DIALS_AT_ONCE + (DIALS_PER_SECOND * (monotonicMs() - begunAt)) / 1_000,
      );
      all.talk({ messages: seconds * 1_000, perSecond: 1_000 });
      const figures = await all.conclude();
      expect(honest.flatMap((one) => [...one.events('close'), ...one.events('suspect')])).toEqual(
        [],
      );
      expect(figures.grownBytes).toBeLessThanOrEqual(GROWTH_BYTES);
      return { ...figures, newcomerMs };
    } finally {
      await besieger.stop();
    }
  });
});
