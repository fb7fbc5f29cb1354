import { setTimeout as sleep } from 'node:timers/promises';
import type { Workload } from '../workload.ts';
import { measureIdle, open } from './idle-mesh.ts';

/** Many programs on one network, idle: what one of them does there, in a process of its own. */
export const crowd: Workload = {
  async receive({ settings: { count = 2 }, channel }) {
    const meshes = await Promise.all(Array.from({ length: count - 1 }, () => open()));
    channel.tell('there');
    await channel.hear();
    await Promise.all(meshes.map((mesh) => mesh.close()));
    return {};
  },

  async send({ settings: { ms, warmUpMs, count = 2 }, channel }) {
    await channel.hear();
    const began = performance.now();
    const mesh = await open();
    await new Promise<void>((resolve) => {
      let known = 0;
      mesh.on('peer', () => {
        if (++known === count - 1) resolve();
      });
    });
    const allKnownMs = performance.now() - began;
    await sleep(warmUpMs);
    const { cpuPercent, datagramsPerSecond } = await measureIdle(ms);
    channel.tell('done');
    await mesh.close();
    return { allKnownMs, cpuPercentIdle: cpuPercent, datagramsPerSecond };
  },
};
