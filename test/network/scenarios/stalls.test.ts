import { setTimeout as sleep } from 'node:timers/promises';
import { Prng } from '@cablecar/simulator';
import { expect } from 'vitest';
import { describeScenarios } from './scenario.ts';
import type { Stage } from './stage.ts';
import type { Talker } from './talker.ts';

const SEED = 20;

/** Stops a talker again and again; resolves with how often it stood still. */
async function stall(
  talker: Talker,
  times: number,
  lengthMs: readonly [number, number],
): Promise<number> {
  const chance = new Prng(SEED, talker.name);
  for (let time = 0; time < times; time++) {
    await sleep(chance.within([500, 2_000]));
    talker.signal('SIGSTOP');
    await sleep(chance.within(lengthMs));
    talker.signal('SIGCONT');
  }
  return times;
}

/** Brings two talkers onto two hosts who meet each other and nobody else. */
async function meetAsPair(stage: Stage, service: string): Promise<readonly Talker[]> {
  const load = (host: number): Promise<Talker> =>
    stage.load(host, { name: `${service} host ${host}`, service });
  const pair = await Promise.all([load(0), load(1)]);
  await Promise.all(pair.map((talker) => talker.join()));
  await Promise.all(pair.map((talker) => talker.when('peer')));
  return pair;
}

describeScenarios('stalls', (scenario) => {
  scenario('programs that stand still for up to 5 s are not taken for dead', async (setting) => {
    const { stage, scale } = setting;
    const pairs = scale(50, 3);
    const all = await stage(2);
    const talkers: Talker[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      talkers.push(...(await meetAsPair(all, `pair ${pair}`)));
    }
    all.talk({ messages: scale(1_500, 300), perSecond: 30 });
    const times = scale(10, 2);
    const stalled = await Promise.all(
      talkers.map((talker) => stall(talker, times, scale([500, 5_000], [500, 2_000]))),
    );
    const figures = await all.conclude();
    const deaths = talkers.flatMap((talker) => talker.events('close'));
    expect(deaths).toEqual([]);
    return {
      ...figures,
      stalls: stalled.reduce((sum, count) => sum + count, 0),
      falseDeaths: deaths.length,
    };
  });
});
