import { setTimeout as sleep } from 'node:timers/promises';
import type { Finder } from '../finder.ts';
import { within } from '../within.ts';
import type { Workload } from '../workload.ts';

/** A newcomer, of which nothing but the code has been loaded, meets one who has been there for a while. */
export const meeting: Workload<Finder> = {
  async receive({ contender, settings: { ms }, channel }) {
    const told = await within(ms, 'the first one did not join', contender.stay());
    channel.tell({ told });
    await channel.hear();
    return {};
  },

  async send({ contender, settings: { ms, warmUpMs }, channel }) {
    const join = await within(ms, 'the newcomer was not ready', contender.prepare());
    const { told } = await channel.hear<{ told?: unknown }>();
    // At any moment of what the other one does once a second.
    await sleep(warmUpMs * (1 + Math.random()));
    const began = performance.now();
    await within(ms, 'nobody was met', join(told));
    const metMs = performance.now() - began;
    channel.tell('met');
    return { metMs };
  },
};
