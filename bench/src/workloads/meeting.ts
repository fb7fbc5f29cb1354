import { setTimeout as sleep } from 'node:timers/promises';
import type { End, Workload } from '../workload.ts';
import { idle, open } from './idle-mesh.ts';

/** Two programs find each other: started together, then one that comes to another which is there. Each alone and met idle. */
export const meeting: Workload = {
  async receive(end) {
    const { ms, warmUpMs } = end.settings;
    const together = await meet(end);
    await end.channel.hear();
    const mesh = await open();
    await sleep(warmUpMs); // the first beacons have gone
    const alone = await idle(ms);
    end.channel.tell('come');
    await new Promise((resolve) => mesh.once('peer', resolve));
    await sleep(warmUpMs);
    const met = await idle(ms);
    await end.channel.hear();
    await mesh.close();
    return {
      togetherMs: together,
      aloneCpuPercent: alone.cpuPercent,
      aloneDatagramsPerSecond: alone.datagramsPerSecond,
      metCpuPercent: met.cpuPercent,
      metDatagramsPerSecond: met.datagramsPerSecond,
    };
  },

  async send(end) {
    const together = await meet(end);
    end.channel.tell('again');
    await end.channel.hear();
    const began = performance.now();
    const mesh = await open();
    await new Promise((resolve) => mesh.once('peer', resolve));
    const laterMs = performance.now() - began;
    await sleep(end.settings.warmUpMs + end.settings.ms);
    end.channel.tell('done');
    await mesh.close();
    return { togetherMs: together, laterMs };
  },
};

/** Both ends begin as soon as each knows of the other that it is ready. */
async function meet({ channel }: End): Promise<number> {
  channel.tell('ready');
  await channel.hear();
  const began = performance.now();
  const mesh = await open();
  await new Promise((resolve) => mesh.once('peer', resolve));
  const ms = performance.now() - began;
  channel.tell('met');
  await channel.hear();
  await mesh.close();
  return ms;
}
