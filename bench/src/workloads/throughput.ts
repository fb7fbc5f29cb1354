import type { Line } from '../contender.ts';
import { LAST } from '../payload.ts';
import type { Workload } from '../workload.ts';
import { Arrivals } from './arrivals.ts';
import { Meter } from './meter.ts';

/** What is sent before the event loop gets a turn: a burst, as a busy program would send it. */
const BURST_MESSAGES = 512;
const BURST_BYTES = 262_144;

/** A run in which an end hardly gets to work is ended after so many times its length. */
const LIMIT_FACTOR = 10;

/** How often the CPU time is looked at, which is a call of the system. */
const ASK_EVERY_MS = 5;

/** One way, as fast as the other end takes it. */
export const throughput: Workload = {
  async receive(end) {
    const { contender, channel } = end;
    const meter = new Meter();
    let before = 0;
    const arrivals = new Arrivals(end);
    channel.tell(await contender.listen(() => arrivals.receive));
    // The sender says when it is warm: which end works more differs from one contender to another.
    const warm = channel.hear().then(() => {
      before = arrivals.messages;
      meter.start();
    });
    await arrivals.ended;
    await warm;
    const { ms, cpuUs } = meter.stop();
    const { messages, sum } = arrivals;
    const measured = messages - before;
    const expected = await channel.hear<{ messages: number; sum: number }>();
    if (expected.messages !== messages || expected.sum !== sum) {
      throw new Error(`${messages} came with the sum ${sum}, expected ${JSON.stringify(expected)}`);
    }
    return { messages, perSecond: measured / (ms / 1_000), cpuNs: (cpuUs * 1_000) / measured };
  },

  async send({ contender, payload, settings, channel }) {
    const { isThorough = false, warmUpMs, ms } = settings;
    const isKept = contender.keeps ?? false;
    const line = await new Promise<Line>((resolve, reject) => {
      const none = (): void => {};
      const accept = (dialled: Line): typeof none => (resolve(dialled), none);
      channel
        .hear<number>()
        .then((port) => contender.dial(port, accept))
        .catch(reject);
    });
    const meter = new Meter();
    let [messages, sum, before] = [0, 0, 0];
    const first = payload.make(0, true) as Uint8Array | object;
    const size = first instanceof Uint8Array ? first.length : 1;
    const burst = Math.max(1, Math.min(BURST_MESSAGES, Math.floor(BURST_BYTES / size)));
    // By CPU time: on a machine that does other things as well, a moment of the clock may be nothing.
    const began = performance.now();
    const warmUp = new Meter().start();
    let askAt = began;
    for (;;) {
      const now = performance.now();
      if (now >= askAt) {
        askAt = now + ASK_EVERY_MS;
        if (before === 0 && warmUp.cpuMs >= warmUpMs) {
          before = messages;
          meter.start();
          channel.tell('warm');
        }
        if (before > 0 && meter.cpuMs >= ms) break;
        if (now - began > LIMIT_FACTOR * (warmUpMs + ms)) break;
      }
      let isRoomy = true;
      for (let left = burst; left > 0; left--) {
        const message = payload.make(messages++, isKept);
        sum = (sum + payload.sumOf(message, 0, size, isThorough)) | 0;
        isRoomy = line.send(message);
      }
      line.flush?.();
      if (isRoomy) await new Promise(setImmediate);
      else await line.roomy();
    }
    if (before === 0) throw new Error('the run ended before the sender was warm');
    const { cpuUs, writes = 0 } = meter.stop();
    line.send(payload.make(LAST, true));
    line.flush?.();
    channel.tell({ messages, sum });
    const sent = messages - before;
    return {
      systemShare: meter.systemShare,
      cpuNs: (cpuUs * 1_000) / sent,
      messagesPerWrite: sent / writes,
    };
  },
};
