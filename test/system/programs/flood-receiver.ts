/**
 * A program for whole-system tests: takes numbered messages, checks that none is missing or out of order, and stops
 * reading where it is told to, until a line comes on its standard input. Arguments: port, count, where to stop.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { DirectServer, Messenger } from 'cablecar';
import { Count, MemoryWatch, print, WARM_UP } from './flood.ts';

const [port, count, ...stops] = process.argv.slice(2).map(Number) as [number, number, ...number[]];

const orders = createInterface({ input: process.stdin });
const server = new DirectServer({ port, interfaces: 'loopback' });
const messenger = new Messenger(await server.connect({ timeoutMs: 30_000 }), { messages: [Count] });
const memory = new MemoryWatch();
let expected = 0;

for await (const batch of messenger.batches()) {
  for (const { number } of batch) {
    if (number !== expected) throw new Error(`message ${number} came, expected ${expected}`);
    expected++;
  }
  if (expected >= WARM_UP) memory.begin();
  if (expected < (stops[0] ?? Infinity)) continue;
  stops.shift();
  print('stopped', { taken: expected });
  await once(orders, 'line');
}
print('done', { taken: expected, complete: expected === count, growthBytes: memory.growthBytes() });
orders.close();
process.stdin.destroy();
