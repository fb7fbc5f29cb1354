import type { Contender, Line } from '../contender.ts';
import type { Workload } from '../workload.ts';
import { answering, askOnce } from './asking.ts';
import { grown, memory } from './memory.ts';

/** Connections that are being made at a time. */
const AT_ONCE = 32;

/** One program with many peers, each of whom says one thing and is answered; all stay. Both ends have all of theirs. */
export const peers: Workload = {
  async receive(end) {
    const { channel } = end;
    const { count = 1 } = end.settings;
    const before = memory();
    const lines: Line[] = [];
    const answer = answering(end);
    const port = await servingOf(end.contender)((line) => {
      lines.push(line);
      return answer(line);
    });
    channel.tell(port);
    await channel.hear();
    if (lines.length !== count) throw new Error(`${lines.length} came, expected ${count}`);
    return grown(before, count);
  },

  async send(end) {
    const { channel } = end;
    const { count = 1 } = end.settings;
    const port = await channel.hear<number>();
    const before = memory();
    const lines: Line[] = [];
    let begun = 0;
    const openMore = async (): Promise<void> => {
      while (begun < count) lines.push(await askOnce(end, port, begun++));
    };
    const began = performance.now();
    await Promise.all(Array.from({ length: AT_ONCE }, openMore));
    const ms = performance.now() - began;
    const figures = grown(before, count);
    channel.tell('all there');
    return { ...figures, openedPerSecond: count / (ms / 1_000) };
  },
};

function servingOf(contender: Contender): NonNullable<Contender['serve']> {
  if (contender.serve === undefined) throw new Error('it serves one connection alone');
  return contender.serve.bind(contender);
}
