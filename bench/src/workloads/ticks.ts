import type { Line } from '../contender.ts';
import { LAST } from '../payload.ts';
import type { Workload } from '../workload.ts';
import { Arrivals } from './arrivals.ts';
import { Meter } from './meter.ts';

const HZ = 60;

/** Ticks come without a rest at first, for so much CPU time: the measure is of a game that has run for minutes, compiled and warm. */
const HURRIED_MS = 2_000;

/** How many of these go by until the CPU time is looked at, which is a call of the system. */
const ASK_EVERY = 64;

/** A game loop: 60 times a second so many messages one way. */
export const ticks: Workload = {
  async receive(end) {
    const { contender, channel } = end;
    const arrivals = new Arrivals(end);
    channel.tell(await contender.listen(() => arrivals.receive));
    await channel.hear();
    const meter = new Meter().start();
    await arrivals.ended;
    const { ms, cpuUs, reads = 0 } = meter.stop();
    const { sent, told } = await channel.hear<{ sent: number; told: number }>();
    if (sent !== arrivals.messages) throw new Error(`${arrivals.messages} of ${sent} came`);
    return { cpuPercent: cpuUs / ms / 10, readsPerTick: reads / told };
  },

  async send({ contender, payload, settings, channel }) {
    const { ms, warmUpMs, perTick = 20 } = settings;
    const port = await channel.hear<number>();
    const line = await new Promise<Line>((resolve, reject) => {
      contender.dial(port, (dialled) => (resolve(dialled), () => {})).catch(reject);
    });
    let sequence = 0;
    const tell = (): boolean => {
      let isRoomy = true;
      for (let left = perTick; left > 0; left--) {
        isRoomy = line.send(payload.make(sequence++, contender.keeps ?? false));
      }
      line.flush?.();
      return isRoomy;
    };
    await hurry(line, tell);
    await new Promise((resolve) => setTimeout(resolve, warmUpMs));
    channel.tell('warm');
    const meter = new Meter().start();
    const began = performance.now();
    let told = 0;
    for (let due = began; due - began < ms; due = began + (told * 1_000) / HZ) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      tell();
      told++;
    }
    const { ms: measured, cpuUs, writes = 0, packets = 0, bytes = 0 } = meter.stop();
    line.send(payload.make(LAST, true));
    line.flush?.();
    channel.tell({ sent: sequence, told });
    return {
      cpuPercent: cpuUs / measured / 10,
      writesPerTick: writes / told,
      packetsPerTick: packets / told,
      bytesPerTick: bytes / told,
    };
  },
};

async function hurry(line: Line, tell: () => boolean): Promise<void> {
  const meter = new Meter().start();
  for (let told = 0; told % ASK_EVERY !== 0 || meter.cpuMs < HURRIED_MS; told++) {
    if (tell()) await new Promise(setImmediate);
    else await line.roomy();
  }
}
