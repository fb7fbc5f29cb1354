import { setTimeout as sleep } from 'node:timers/promises';
import type { Workload } from '../workload.ts';
import { measureIdle, open } from './idle-mesh.ts';

/** A program that has nothing to say: while it is alone, and when another one has come. */
export const idle: Workload = {
  async receive({ settings: { ms, warmUpMs }, channel }) {
    const mesh = await open();
    await sleep(warmUpMs); // the first beacons have gone
    const alone = await measureIdle(ms);
    channel.tell('come');
    await new Promise((resolve) => mesh.once('peer', resolve));
    await sleep(warmUpMs);
    const met = await measureIdle(ms);
    channel.tell('done');
    await mesh.close();
    return {
      aloneCpuPercent: alone.cpuPercent,
      aloneDatagramsPerSecond: alone.datagramsPerSecond,
      metCpuPercent: met.cpuPercent,
      metDatagramsPerSecond: met.datagramsPerSecond,
    };
  },

  async send({ channel }) {
    await channel.hear();
    const mesh = await open();
    await channel.hear();
    await mesh.close();
    return {};
  },
};
