import { setTimeout as sleep } from 'node:timers/promises';
import { Prng } from '@cablecar/simulator';
import { expect } from 'vitest';
import { describeScenarios } from './scenario.ts';

const SEED = 17;

describeScenarios('broken connections', (scenario) => {
  scenario('17: resets every second', async ({ stage, scale }) => {
    const two = await stage(2);
    await two.meet();
    const seconds = scale(30, 4);
    two.talk({ messages: seconds * 1_000, perSecond: 1_000 });
    for (let second = 0; second < seconds; second++) {
      const stop = two.lan.host(second % 2).resetTcp();
      await sleep(50);
      stop();
      await sleep(950);
    }
    const figures = await two.conclude();
    expect(figures.resumes).toBeGreaterThanOrEqual(seconds); // or there was nothing to mend
    return figures;
  });

  scenario('18: connections that either system breaks at random', async ({ stage, scale }) => {
    const two = await stage(2);
    const chance = new Prng(SEED, 'breaks');
    await two.meet();
    two.talk({ messages: scale(100_000, 10_000), perSecond: scale(5_000, 2_500) });
    const breaks = scale(60, 15);
    for (let time = 0; time < breaks; time++) {
      await sleep(chance.within(scale([20, 600], [20, 400])));
      const side = chance.below(3);
      if (side !== 1) two.lan.host(0).killTcp();
      if (side !== 0) two.lan.host(1).killTcp();
    }
    const figures = await two.conclude();
    expect(figures.resumes).toBeGreaterThanOrEqual(breaks / 2); // some hit what is broken already
    return figures;
  });

  scenario('19: an address that changes', async ({ stage, scale }) => {
    const two = await stage(2);
    await two.meet();
    const changes = scale(5, 1);
    two.talk({ messages: changes * 6_000, perSecond: 2_000 });
    for (let time = 0; time < changes; time++) {
      await sleep(1_000);
      two.lan.host(time % 2).changeAddress(`10.77.0.${100 + time}`);
      await sleep(2_000);
    }
    const figures = await two.conclude();
    expect(figures.resumes).toBeGreaterThanOrEqual(changes);
    return figures;
  });
});
