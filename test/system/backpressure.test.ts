import { expect, test } from 'vitest';
import { bundle } from '../support/bundle.ts';
import { freeTcpPort } from '../support/free-tcp-port.ts';
import { Program, type Line } from '../support/program.ts';

const MESSAGES = 10_000_000;
const STOPS = [2_000_000, 6_000_000];
const MOST_GROWTH_BYTES = 64 * 2 ** 20;
/** A frame of the flood, and the most that may wait at either end by default. */
const FRAME_BYTES = 6;
const OUTBOX_BYTES = 2 ** 20;
const INBOX_MESSAGES = 16_384;

const PATIENCE = { timeoutMs: 150_000 };
const kind = (expected: string) => (line: Line) => line['kind'] === expected;

test(
  'a receiver that stops reading holds the sender, and ten million messages cost no memory',
  { timeout: 200_000 },
  async () => {
    const [sender, receiver] = (await Promise.all(
      ['sender', 'receiver'].map((role) => bundle(`test/system/programs/flood-${role}.ts`)),
    )) as [string, string];
    const port = String(await freeTcpPort());
    const taking = new Program('receiver', [
      process.execPath,
      receiver,
      port,
      String(MESSAGES),
      ...STOPS.map(String),
    ]);
    const sending = new Program('sender', [process.execPath, sender, port, String(MESSAGES)]);
    try {
      for (const stop of STOPS) {
        const taken = Number((await taking.next(kind('stopped'), PATIENCE))['taken']);
        expect(taken).toBeGreaterThanOrEqual(stop);
        // The receiver says nothing and reads nothing until it is told to: all that happens meanwhile is that time passes.
        const held = await sending.next(
          (line) => line['kind'] === 'held' && Number(line['sent']) > taken,
          PATIENCE,
        );
        const ahead = Number(held['sent']) - taken;
        console.log(
          `nobody reads: the sender is held ${ahead} messages ahead, ${Number(held['bytesPending'])} bytes pending`,
        );
        expect(Number(held['bytesPending'])).toBeLessThan(OUTBOX_BYTES + FRAME_BYTES);
        expect(ahead).toBeLessThanOrEqual(OUTBOX_BYTES / FRAME_BYTES + 1 + INBOX_MESSAGES);
        taking.tell({ do: 'read' });
      }
      const sent = await sending.next(kind('done'), PATIENCE);
      const received = await taking.next(kind('done'), PATIENCE);
      const seconds = (Number(sent['ms']) / 1_000).toFixed(1);
      const megabytes = [sent, received].map((line) =>
        (Number(line['growthBytes']) / 2 ** 20).toFixed(1),
      );
      console.log(
        `${MESSAGES} messages in ${seconds} s; the sender grew by ${megabytes[0]} MB, the receiver by ${megabytes[1]} MB`,
      );
      expect(received).toMatchObject({ taken: MESSAGES, complete: true });
      expect(Number(sent['growthBytes'])).toBeLessThanOrEqual(MOST_GROWTH_BYTES);
      expect(Number(received['growthBytes'])).toBeLessThanOrEqual(MOST_GROWTH_BYTES);
      expect(await Promise.all([sending.exited, taking.exited])).toEqual([0, 0]);
    } finally {
      await Promise.all([sending.stop(), taking.stop()]);
    }
  },
);
