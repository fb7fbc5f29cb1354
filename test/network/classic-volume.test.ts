import { expect, test } from 'vitest';
import { crc32 } from 'node:zlib';
import { startPython } from '../python/start-python.ts';
import { ClassicProgram } from './classic-program.ts';
import type { LanHost } from './lan-host.ts';
import { describeLan } from './lan.ts';

const COUNT = 100_000;
const SIZE = 40;
/** What our program lets wait before it stops sending, far less than what it sends. */
const OUTBOX_BYTES = 131_072;
const MEGABYTE = 2 ** 20;

/** What Python's library makes of the n-th message. */
const ENCODED = {
  json: (n: number) => Buffer.from(`["Count",{"n":${n},"text":"${'x'.repeat(SIZE)}"}]\n`),
  byte: (n: number) => {
    const bytes = Buffer.alloc(6 + SIZE, 'x');
    bytes[0] = bytes.length;
    bytes[1] = 0x20;
    bytes.writeUInt32BE(n, 2);
    return bytes;
  },
};

/** The checksum that a Python program has of so many messages, if none was lost, doubled, moved or changed. */
function crcOf(encoded: (n: number) => Buffer): number {
  let crc = 0;
  for (let n = 0; n < COUNT; n++) crc = crc32(encoded(n), crc);
  return crc;
}

describeLan('a program on a classic wire and one on the Python library', (createLan) => {
  test(
    `exchange ${COUNT} messages each way, in JSON and in bytes, with memory that stays small`,
    { timeout: 120_000 },
    async () => {
      const exchange = async (wire: 'json' | 'byte') => {
        const [here, there] = (await createLan(2)).hosts as [LanHost, LanHost];
        const ours = await ClassicProgram.joined(here, wire, { outboxBytes: OUTBOX_BYTES });
        const python = startPython(there, [
          ...['broadcast', '--wire', wire, '--quiet', '--seconds', '110'],
          ...['--send', `${COUNT}`, '--expect', `${COUNT}`, '--size', `${SIZE}`],
        ]);
        await ours.next('peer');
        ours.tell('send', { count: COUNT, size: SIZE });
        expect(await python.waitFor('done')).toMatchObject({
          received: COUNT,
          crc: crcOf(ENCODED[wire]),
        });
        const sent = await ours.next('sent', {}, 60_000);
        await ours.next('lost', { code: 'goodbye', undelivered: 0 }, 60_000);
        ours.tell('report');
        const report = await ours.next('report');
        expect(report).toMatchObject({ received: COUNT, isInOrder: true, messagesSkipped: 0 });
        return { ...report, ...sent };
      };
      const reports = await Promise.all([exchange('json'), exchange('byte')]);
      for (const report of reports) {
        expect(report['waits']).toBeGreaterThan(15);
        expect(report['mostPending']).toBeLessThan(OUTBOX_BYTES + 100);
        expect(report['grownBytes']).toBeLessThan(48 * MEGABYTE);
      }
    },
  );
});
