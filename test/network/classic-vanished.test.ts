import { expect, test } from 'vitest';
import { startPython } from '../python/start-python.ts';
import { ClassicProgram } from './classic-program.ts';
import { describeLan } from './lan.ts';

describeLan('a program on a classic wire', (createLan) => {
  test(
    'finds within 20 s that the host of a Python program has vanished',
    { timeout: 60_000 },
    async () => {
      const lan = await createLan(3);
      const ours = await ClassicProgram.joined(lan.host(0));
      const others = lan.hosts.slice(1);
      for (const host of others) startPython(host, ['broadcast', '--seconds', '60']);
      await ours.gather('peer', 2);
      const [gone] = others.map((host) => host.address());
      const began = performance.now();
      lan.host(1).unplug();
      await ours.next('lost', { id: gone, error: 'ERR_CONNECTION_LOST' }, 30_000);
      expect(performance.now() - began).toBeLessThan(20_000);
      expect(ours.all('lost')).toHaveLength(1);
    },
  );
});
