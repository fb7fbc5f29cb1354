import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { monotonicMs } from '../talking/monotonic.ts';
import { describeScenarios } from './scenario.ts';
import { CROWDED, HASTY } from './settings.ts';

describeScenarios('partitions', (scenario) => {
  scenario('10: one host does not hear the other, which hears it', async ({ stage, scale }) => {
    const two = await stage(2);
    await two.meet(scale<object>({ isTimed: true }, HASTY));
    two.talk({ messages: scale(30_000, 5_000), perSecond: 2_000 });
    await sleep(500);
    const at = monotonicMs();
    const heal = two.lan.cut(two.lan.host(0), two.lan.host(1));
    await sleep(scale(10_000, 2_000));
    const healedAt = monotonicMs();
    heal();
    return two.conclude({ cuts: [{ at, healedAt, ends: 2 }] });
  });

  scenario('11: two halves that do not hear each other', async ({ stage, scale }) => {
    const half = scale(25, 4);
    const all = await stage(2 * half);
    const options = scale<object>(CROWDED, HASTY);
    const hosts = [...all.lan.hosts.keys()];
    const talkers = await Promise.all(hosts.map((host) => all.load(host, options)));
    for (const talker of talkers) await talker.join();
    await all.untilMet();
    all.talk({ messages: scale(60, 500), perSecond: scale(3, 100) });
    await sleep(500);
    const heal = all.lan.part(all.lan.hosts.slice(0, half), all.lan.hosts.slice(half));
    await sleep(scale(10_000, 2_000));
    // On a busy machine everybody stands still now and then, and gives the others time for that.
    const isSeen = (): boolean => talkers.every((one) => one.events('suspect').length >= half);
    await all.until(30_000, isSeen);
    expect(isSeen()).toBe(true);
    heal();
    const figures = await all.conclude({ withinMs: 90_000 });
    for (const talker of talkers) expect(talker.events('close')).toEqual([]);
    return figures;
  });
});
