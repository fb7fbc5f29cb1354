import type { Line } from '../contender.ts';
import type { Workload } from '../workload.ts';

/** From dialling to the answer to the first message, one connection after the other; all stay open. */
export const connections: Workload = {
  async receive({ contender, payload, settings, channel }) {
    const { count = 1 } = settings;
    for (let index = 0; index < count; index++) {
      const port = await contender.listen((line) => (message, start) => {
        line.send(payload.make(payload.sequenceOf(message, start), contender.keeps ?? false));
        line.flush?.();
      });
      channel.tell(port);
      await channel.hear();
    }
    return {};
  },

  async send({ contender, payload, settings, channel }) {
    const { count = 1 } = settings;
    const lines: Line[] = [];
    const times: number[] = [];
    for (let index = 0; index < count; index++) {
      const port = await channel.hear<number>();
      const began = performance.now();
      await new Promise<void>((resolve, reject) => {
        const dialled = contender.dial(port, (line) => {
          lines.push(line);
          setImmediate(() => {
            line.send(payload.make(index, contender.keeps ?? false));
            line.flush?.();
          });
          return () => resolve();
        });
        dialled.catch(reject);
      });
      times.push(performance.now() - began);
      channel.tell('next');
    }
    times.sort((one, other) => one - other);
    const at = (share: number): number => times[Math.floor(share * (count - 1))] as number;
    return { p50Ms: at(0.5), p90Ms: at(0.9), allMs: times.reduce((a, b) => a + b) };
  },
};
