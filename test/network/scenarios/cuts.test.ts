import { setTimeout as sleep } from 'node:timers/promises';
import { Prng } from '@cablecar/simulator';
import { expect } from 'vitest';
import { monotonicMs } from '../talking/monotonic.ts';
import { describeScenarios } from './scenario.ts';
import { HASTY } from './settings.ts';

const SEED = 12;

describeScenarios('cuts', (scenario) => {
  scenario('7: a cable that is out for 1 s', async ({ stage, scale }) => {
    const two = await stage(2);
    await two.meet();
    two.talk({ messages: scale(20_000, 4_000), perSecond: 2_000 });
    await sleep(500);
    two.lan.host(1).unplug();
    await sleep(1_000);
    two.lan.host(1).replug();
    return two.conclude();
  });

  scenario(
    '8: a cable that is out for 10 s',
    async ({ stage }) => {
      const two = await stage(2);
      await two.meet({ isTimed: true });
      two.talk({ messages: 30_000, perSecond: 2_000 });
      await sleep(500);
      const at = monotonicMs();
      two.lan.host(1).unplug();
      await sleep(10_000);
      const healedAt = monotonicMs();
      two.lan.host(1).replug();
      return two.conclude({ cuts: [{ at, healedAt, ends: 2 }] });
    },
    { isLong: true },
  );

  // TCP tries again ever more rarely, and takes no notice of a cable that is back. A beacon does.
  scenario(
    'a cable that is back before its connection is given up',
    async ({ stage }) => {
      const two = await stage(2);
      await two.meet({ isTimed: true });
      two.talk({ messages: 20_000, perSecond: 2_000 });
      await sleep(500);
      const at = monotonicMs();
      two.lan.host(1).unplug();
      await sleep(4_000);
      const healedAt = monotonicMs();
      two.lan.host(1).replug();
      return two.conclude({ cuts: [{ at, healedAt, ends: 2 }] });
    },
    { isLong: true },
  );

  scenario('9: a cable that is out for longer than a session is kept', async ({ stage, scale }) => {
    const two = await stage(2);
    const talkers = await two.meet(scale<object>({}, { ...HASTY, resumeWindowMs: 1_000 }));
    const before = 5_000;
    const unheard = 2_345;
    two.talk({ messages: before });
    await two.until(20_000, (living) =>
      living.every(
        ({ conversations: [one] }) => one?.heard[0]?.count === before && one.pending === 0,
      ),
    );
    two.lan.host(1).unplug();
    two.talk({ messages: before + unheard });
    await Promise.all(talkers.map((talker) => talker.when('close')));
    for (const talker of talkers) {
      expect(talker.events('close')).toMatchObject([{ code: 'lost', undelivered: unheard }]);
    }
    two.talk({ messages: 1_000 });
    two.lan.host(1).replug();
    return two.conclude();
  });

  scenario('12: a cable that is out 20 times', async ({ stage, scale }) => {
    const two = await stage(2);
    const chance = new Prng(SEED, 'flapping');
    await two.meet();
    two.talk({ messages: scale(60_000, 6_000), perSecond: 1_000 });
    for (let time = 0; time < 20; time++) {
      await sleep(chance.within(scale([200, 2_000], [50, 200])));
      two.lan.host(time % 2).unplug();
      await sleep(chance.within(scale([200, 2_000], [50, 200])));
      two.lan.host(time % 2).replug();
    }
    return two.conclude({ withinMs: 120_000 });
  });
});
