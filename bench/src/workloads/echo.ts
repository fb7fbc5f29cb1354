import type { Line } from '../contender.ts';
import { quantile } from '../quantile.ts';
import type { Workload } from '../workload.ts';
import { answering, sendOne } from './asking.ts';

/** There and back again, one message at a time. */
export const echo: Workload = {
  async receive(end) {
    const { contender, channel } = end;
    channel.tell(await contender.listen(answering(end)));
    await channel.hear();
    return {};
  },

  async send({ contender, payload, settings, channel }) {
    const { ms, warmUpMs } = settings;
    const isKept = contender.keeps ?? false;
    const port = await channel.hear<number>();
    const times: number[] = [];
    const began = performance.now();
    await new Promise<void>((resolve, reject) => {
      let [sequence, sentAt] = [0, 0];
      const ask = (line: Line): void => {
        sentAt = performance.now();
        sendOne(line, payload.make(sequence, isKept));
      };
      const dialled = contender.dial(port, (line) => {
        setImmediate(() => ask(line));
        return (message, start) => {
          const now = performance.now();
          if (payload.sequenceOf(message, start) !== sequence++) {
            reject(new Error(`another answer came than that to ${sequence - 1}`));
          }
          if (now - began >= warmUpMs) times.push(now - sentAt);
          if (now - began < warmUpMs + ms) ask(line);
          else resolve();
        };
      });
      dialled.catch(reject);
    });
    channel.tell('done');
    times.sort((one, other) => one - other);
    const at = (share: number): number => 1_000 * quantile(times, share);
    return { samples: times.length, p50Us: at(0.5), p99Us: at(0.99), p999Us: at(0.999) };
  },
};
