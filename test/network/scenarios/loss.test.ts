import { expect } from 'vitest';
import { describeScenarios } from './scenario.ts';

const SEED = 7;
const BITS_PER_SECOND = 1e6;

describeScenarios('a bad network', (scenario) => {
  scenario('13: 2 % loss, 20 ms and disorder', async ({ stage, scale }) => {
    const two = await stage(2, { badSwitchSeed: SEED });
    await two.lan.badSwitch.set({ delayMs: 10, jitterMs: 10, loss: 0.02 });
    await two.meet();
    two.talk({ messages: scale(20_000, 2_000), perSecond: 1_000 });
    const figures = await two.conclude();
    const { sent, lost, overtaken } = await two.lan.badSwitch.set({});
    expect(lost / sent).toBeGreaterThan(0.01);
    expect(overtaken / sent).toBeGreaterThan(0.05);
    return figures;
  });

  scenario('14: 15 % loss', async ({ stage, scale }) => {
    const two = await stage(2, { badSwitchSeed: SEED });
    await two.lan.badSwitch.set({ loss: 0.15 });
    await two.meet();
    two.talk({ messages: scale(10_000, 1_000), perSecond: 500 });
    const figures = await two.conclude();
    const { sent, lost } = await two.lan.badSwitch.set({});
    expect(lost / (sent + lost)).toBeGreaterThan(0.12);
    return figures;
  });

  scenario('15: 20 % doubled', async ({ stage, scale }) => {
    const two = await stage(2, { badSwitchSeed: SEED });
    await two.lan.badSwitch.set({ duplicates: 0.2 });
    await two.meet();
    two.talk({ messages: scale(50_000, 5_000) });
    const figures = await two.conclude();
    const { sent, doubled } = await two.lan.badSwitch.set({});
    expect(doubled / sent).toBeGreaterThan(0.1);
    return figures;
  });

  scenario('16: messages of 1 MiB on 1 Mbit/s, beside heartbeats', async ({ stage, scale }) => {
    const two = await stage(2, { badSwitchSeed: SEED });
    await two.lan.badSwitch.set({ bitsPerSecond: BITS_PER_SECOND });
    const talkers = await two.meet({ maxMessageBytes: 2 ** 21 });
    const [messages, bodyBytes] = [scale(2, 1), scale(2 ** 20, 2 ** 19)];
    const began = performance.now();
    two.talk({ messages, bodyBytes });
    const figures = await two.conclude();
    const leastMs = ((messages * bodyBytes * 8) / BITS_PER_SECOND) * 1_000;
    expect(performance.now() - began).toBeGreaterThan(leastMs);
    for (const talker of talkers) expect(talker.events('suspect')).toEqual([]);
    return figures;
  });
});
