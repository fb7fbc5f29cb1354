import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '@cablecar/core-protocol';
import { nodeTransport } from 'cablecar';
import type { Finder } from '../finder.ts';
import type { Workload } from '../workload.ts';

const { clock } = nodeTransport();

/** A newcomer, of which nothing but the code has been loaded, meets one who has been there for a while. */
export const meeting: Workload<Finder> = {
  async receive({ contender, settings: { ms }, channel }) {
    const told = await within(contender.stay(), 'the join of the first one', {
      clock,
      timeoutMs: ms,
    });
    channel.tell({ told });
    await channel.hear();
    return {};
  },

  async send({ contender, settings: { ms, warmUpMs }, channel }) {
    const join = await within(contender.prepare(), 'loading the newcomer', {
      clock,
      timeoutMs: ms,
    });
    const { told } = await channel.hear<{ told?: unknown }>();
    // At any moment of what the other one does once a second.
    await sleep(warmUpMs * (1 + Math.random()));
    const began = performance.now();
    await within(join(told), 'the meeting', { clock, timeoutMs: ms });
    const metMs = performance.now() - began;
    channel.tell('met');
    return { metMs };
  },
};
