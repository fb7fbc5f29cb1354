import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { describeScenarios } from './scenario.ts';
import { HASTY } from './settings.ts';

const ENDLESS = 2 ** 30;

describeScenarios('lives', (scenario) => {
  scenario(
    '20: a program that stands still, first briefly and then for too long',
    async (setting) => {
      const { stage, scale } = setting;
      const two = await stage(2);
      const windows = scale<object>(
        { resumeWindowMs: 10_000 },
        { ...HASTY, resumeWindowMs: 1_000 },
      );
      const [stopped, other] = await two.meet(windows);
      two.talk({ messages: scale(40_000, 4_000), perSecond: 2_000 });
      await sleep(500);
      stopped!.signal('SIGSTOP');
      await sleep(scale(2_000, 300));
      stopped!.signal('SIGCONT');
      await sleep(scale(2_000, 500));
      expect([...stopped!.events('close'), ...other!.events('close')]).toEqual([]);
      stopped!.signal('SIGSTOP');
      await sleep(scale(20_000, 3_000));
      expect(other!.events('close')).toMatchObject([{ code: 'lost' }]);
      stopped!.signal('SIGCONT');
      const figures = await two.conclude();
      expect(stopped!.events('close')).toHaveLength(1);
      return figures;
    },
  );

  scenario('21: a program that is killed and begins again', async ({ stage, scale }) => {
    const two = await stage(2);
    const [other, killed] = await two.meet({ resumeWindowMs: scale(5_000, 1_000) });
    const lives = scale(5, 2);
    for (let life = 1, last = killed!; life <= lives; life++) {
      two.talk({ messages: ENDLESS, perSecond: 10_000 });
      await sleep(500);
      await two.kill(last);
      last = await two.load(1, { name: last.name, resumeWindowMs: scale(5_000, 1_000) });
      two.talk({ messages: 20_000 });
      await last.join();
      await two.untilMet();
    }
    const figures = await two.conclude();
    const ends = other!.events('close').map(({ code }) => code);
    expect(ends).toEqual(Array.from({ length: lives }, () => 'lost'));
    return figures;
  });

  scenario('23: a program that closes while both talk', async ({ stage, scale }) => {
    const two = await stage(2);
    const [leaving, other] = await two.meet();
    const times = scale(10, 2);
    for (let time = 1, last = leaving!; time <= times; time++) {
      two.talk({ messages: ENDLESS });
      await sleep(scale(1_000, 300));
      await last.close();
      expect(last.events('close')).toMatchObject([{ code: 'closed', undelivered: 0 }]);
      if (time < times) last = await two.load(0, { name: `time ${time}` });
      if (time < times) await last.join();
      await two.untilMet();
    }
    const ends = other!.events('close').map(({ code }) => code);
    expect(ends).toEqual(Array.from({ length: times }, () => 'goodbye'));
    return two.conclude();
  });
});
