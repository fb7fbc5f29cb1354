import { cpus, freemem, hostname, loadavg, totalmem } from 'node:os';
import { jsonMessage } from 'cablecar';
import { z } from 'zod';

/**
 * What the original sends; each attribute has the meaning that Python's psutil gives it. Anybody on the network may send
 * one, so it has a schema: a peer that sends another shape is cut off, and nothing here has to check again.
 */
export class MsgStats extends jsonMessage(
  'MsgStats',
  z.object({
    host: z.string(),
    cpu_percent: z.number(),
    load_avg: z.array(z.number()),
    memory_percent: z.number(),
    memory_total: z.number(),
    swap_percent: z.number(),
    swap_total: z.number(),
    temp: z.number().nullish(),
  }),
) {}

/** Measures this computer. */
export class StatsMeter {
  readonly #host: string;
  #before = { busy: 0, total: 0 };

  constructor(host: string = hostname()) {
    this.#host = host;
  }

  read(): MsgStats {
    return new MsgStats({
      host: this.#host,
      cpu_percent: this.#cpuPercent(),
      load_avg: loadavg(),
      memory_percent: 100 - (100 * freemem()) / totalmem(),
      memory_total: totalmem(),
      swap_percent: 0, // Node does not tell
      swap_total: 0,
    });
  }

  /** How busy the processors have been since the last call. */
  #cpuPercent(): number {
    const times = cpus().map((cpu) => cpu.times);
    const idle = times.reduce((sum, time) => sum + time.idle, 0);
    const total = times.reduce((sum, { user, nice, sys, idle: rest, irq }) => {
      return sum + user + nice + sys + rest + irq;
    }, 0);
    const now = { busy: total - idle, total };
    const before = this.#before;
    this.#before = now;
    return (100 * (now.busy - before.busy)) / Math.max(1, now.total - before.total);
  }
}
