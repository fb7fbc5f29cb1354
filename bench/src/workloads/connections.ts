import type { Line } from '../contender.ts';
import { quantile } from '../quantile.ts';
import type { Workload } from '../workload.ts';
import { answering, askOnce } from './asking.ts';

/** From dialling to the answer to the first message, one connection after the other; all stay open. */
export const connections: Workload = {
  async receive(end) {
    const { contender, channel } = end;
    const { count = 1 } = end.settings;
    for (let index = 0; index < count; index++) {
      channel.tell(await contender.listen(answering(end)));
      await channel.hear();
    }
    return {};
  },

  async send(end) {
    const { channel } = end;
    const { count = 1 } = end.settings;
    const lines: Line[] = [];
    const times: number[] = [];
    for (let index = 0; index < count; index++) {
      const port = await channel.hear<number>();
      const began = performance.now();
      lines.push(await askOnce(end, port, index));
      times.push(performance.now() - began);
      channel.tell('next');
    }
    times.sort((one, other) => one - other);
    const allMs = times.reduce((a, b) => a + b);
    return { p50Ms: quantile(times, 0.5), p90Ms: quantile(times, 0.9), allMs };
  },
};
