import type { Line } from '../contender.ts';
import type { Workload } from '../workload.ts';

/** From dialling to the answer to the first message, one connection after the other; all stay open. */
export const connections: Workload = {
  async receive({ contender, payload, settings, channel }) {
    const { count = 1 } = settings;
    const before = memory();
    for (let index = 0; index < count; index++) {
      const port = await contender.listen((line) => (message, start) => {
        line.send(payload.make(payload.sequenceOf(message, start), contender.keeps ?? false));
        line.flush?.();
      });
      channel.tell(port);
      await channel.hear();
    }
    return grown(before, count);
  },

  async send({ contender, payload, settings, channel }) {
    const { count = 1 } = settings;
    const lines: Line[] = [];
    const times: number[] = [];
    const before = memory();
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
    const figures = grown(before, count);
    times.sort((one, other) => one - other);
    const at = (share: number): number => times[Math.floor(share * (count - 1))] as number;
    return { ...figures, p50Ms: at(0.5), p90Ms: at(0.9), allMs: times.reduce((a, b) => a + b) };
  },
};

/** The process's memory after what is garbage has gone; the kernel's buffers are not in it. */
function memory(): { readonly heap: number; readonly resident: number } {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

function grown(before: ReturnType<typeof memory>, count: number): Record<string, number> {
  const { heap, resident } = memory();
  return {
    heapBytesPerPeer: (heap - before.heap) / count,
    residentBytesPerPeer: (resident - before.resident) / count,
  };
}
