/**
 * A program for whole-system tests: sends numbered messages as fast as they are taken, waiting for `drain` where `send()`
 * answers false. Prints when it has been held for a while, and how much memory it took. Arguments: port, count.
 */
import { DirectClient, Messenger } from 'cablecar';
import { Count, HELD_MS, MemoryWatch, print, WARM_UP } from './flood.ts';

const [port, count] = process.argv.slice(2).map(Number) as [number, number];

const link = await new DirectClient({ host: '127.0.0.1', port }).connect({ timeoutMs: 30_000 });
const messenger = new Messenger(link, { messages: [Count] });
const memory = new MemoryWatch();
let number = 0;

function drained(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      const { messagesPending, bytesPending } = messenger.stats;
      print('held', { sent: number, messagesPending, bytesPending });
    }, HELD_MS);
    messenger.once('drain', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const began = performance.now();
while (number < count) {
  if (number === WARM_UP) memory.begin();
  if (!messenger.send(new Count({ number: number++ }))) await drained();
}
await messenger.flush({ timeoutMs: 60_000 });
print('done', { ms: performance.now() - began, growthBytes: memory.growthBytes() });
await messenger.close();
