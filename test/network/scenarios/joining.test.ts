import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { LanHost } from '../lan-host.ts';
import { describeScenarios } from './scenario.ts';
import { CROWDED } from './settings.ts';

const DIRECT_PORT = 7_777;

describeScenarios('joining', (scenario) => {
  scenario('1: two hosts', async ({ stage, scale }) => {
    const two = await stage(2);
    for (const host of two.lan.hosts) host.routeByDefault();
    await two.meet();
    two.talk({ messages: scale(250_000, 20_000) });
    return two.conclude();
  });

  scenario('2: many hosts that join at once', async ({ stage, scale }) => {
    const all = await stage(scale(50, 12));
    await all.meet(scale<object>(CROWDED, {}));
    all.talk({ messages: scale(60, 200) });
    return all.conclude();
  });

  scenario('3: no host with a default route', async ({ stage, scale }) => {
    const three = await stage(3);
    for (const host of three.lan.hosts) {
      expect(host.exec('ip', 'route', 'show', 'default')).toBe('');
    }
    await three.meet();
    three.talk({ messages: scale(20_000, 5_000) });
    return three.conclude();
  });

  scenario('4: a host on two LANs, with a default route to one', async ({ stage, scale }) => {
    const three = await stage(3);
    const [both, , second] = three.lan.hosts as [LanHost, LanHost, LanHost];
    await three.lan.addLan([both, second]);
    second.unplug(0);
    both.routeByDefault(1);
    three.keepApart('host 1', 'host 2');
    await three.meet();
    three.talk({ messages: scale(20_000, 5_000) });
    return three.conclude();
  });

  scenario(
    '5: IPv6 with link-local addresses alone, dialled directly',
    async ({ stage, scale }) => {
      const two = await stage(2);
      const addresses = await Promise.all(two.lan.hosts.map((host) => host.linkLocalAddress()));
      for (const host of two.lan.hosts) host.exec('ip', '-4', 'address', 'flush', 'dev', 'eth0');
      const dialled = { port: DIRECT_PORT, host: `${addresses[0]}%eth0` };
      const talkers = [
        await two.load(0, { direct: { port: DIRECT_PORT } }),
        await two.load(1, { direct: dialled }),
      ];
      await Promise.all(talkers.map((talker) => talker.join()));
      await two.untilMet();
      expect(talkers[0]?.events('peer')).toMatchObject([{ host: `${addresses[1]}%eth0` }]);
      two.talk({ messages: scale(50_000, 10_000) });
      return two.conclude();
    },
  );

  scenario('6: one who comes late', async ({ stage, scale }) => {
    const three = await stage(3);
    await three.meet({}, 2);
    three.talk({ messages: scale(20_000, 4_000), perSecond: 2_000 });
    await sleep(scale(5_000, 1_000));
    const late = await three.load(2);
    late.order({ do: 'talk', messages: scale(20_000, 4_000) });
    await late.join();
    return three.conclude();
  });
});
