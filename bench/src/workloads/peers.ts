import type { Contender, Line } from '../contender.ts';
import type { Workload } from '../workload.ts';
import { answering, askOnce } from './asking.ts';
import { grown, memory } from './memory.ts';

/** Connections that are being made at a time. */
const AT_ONCE = 32;

/** Those that come first: by then what a program needs once is there, however many come after. */
const FIRST_SHARE = 0.1;

/**
 * One program with many peers, each of whom says one thing and is answered; all stay. Both ends have all of theirs.
 * Memory is what each peer after the first tenth has added.
 */
export const peers: Workload = {
  async receive(end) {
    const { channel } = end;
    const { count = 1 } = end.settings;
    const lines: Line[] = [];
    const answer = answering(end);
    const port = await servingOf(end.contender)((line) => {
      lines.push(line);
      return answer(line);
    });
    channel.tell(port);
    await channel.hear();
    const [first, before] = [lines.length, memory()];
    channel.tell('go on');
    await channel.hear();
    if (lines.length !== count) throw new Error(`${lines.length} came, expected ${count}`);
    return grown(before, count - first);
  },

  async send(end) {
    const { channel } = end;
    const { count = 1 } = end.settings;
    const port = await channel.hear<number>();
    const lines: Line[] = [];
    let begun = 0;
    const openUpTo = async (most: number): Promise<number> => {
      const openMore = async (): Promise<void> => {
        while (begun < most) lines.push(await askOnce(end, port, begun++));
      };
      const began = performance.now();
      await Promise.all(Array.from({ length: AT_ONCE }, openMore));
      return performance.now() - began;
    };
    const first = Math.ceil(count * FIRST_SHARE);
    const firstMs = await openUpTo(first);
    channel.tell('some are there');
    await channel.hear();
    const before = memory();
    const restMs = await openUpTo(count);
    const figures = grown(before, count - first);
    channel.tell('all are there');
    return { ...figures, openedPerSecond: (1_000 * count) / (firstMs + restMs) };
  },
};

function servingOf(contender: Contender): NonNullable<Contender['serve']> {
  if (contender.serve === undefined) throw new Error('it serves one connection alone');
  return contender.serve.bind(contender);
}
