/**
 * A program for whole-system tests: two programs in one process join, meet, exchange a message and close, again and
 * again; prints what is left open and how much memory is in use. Run with --expose-gc. Arguments: UDP port, rounds.
 */
import { getEventListeners } from 'node:events';
import { join, jsonMessage } from 'cablecar';

class Chat extends jsonMessage('Chat')<{ text: string }> {}

const [udpPort = 0, rounds = 0] = process.argv.slice(2).map(Number);
/** By then everything is compiled and every table has its size. */
const WARM_UP = Math.round(rounds / 5);
const { signal } = new AbortController();

async function round(): Promise<void> {
  const options = { udpPort, interfaces: 'loopback', messages: [Chat] } as const;
  const [ada, bob] = await Promise.all([join(options), join(options)]);
  const wait = { signal, timeoutMs: 20_000 };
  const [peer] = await Promise.all([ada.firstPeer(wait), bob.firstPeer(wait)]);
  peer.send(new Chat({ text: 'hello' }));
  for await (const { message } of bob.messages({ signal })) if (message.text === 'hello') break;
  await Promise.all([ada.close(), bob.close()]);
}

/** What keeps the process running. A socket that was closed goes with one of the next turns. */
async function openResources(): Promise<readonly string[]> {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  return process.getActiveResourcesInfo();
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function listeners(): number {
  const own = process.eventNames().map((name) => process.listenerCount(name));
  return own.reduce((sum, count) => sum + count, getEventListeners(signal, 'abort').length);
}

void process.stderr; // Node opens it when the first socket closes
const before = { resources: await openResources(), listeners: listeners() };
const began = performance.now();
for (let done = 0; done < WARM_UP; done++) await round();
const heapBefore = heapBytes();
for (let done = WARM_UP; done < rounds; done++) await round();
const heapGrowth = heapBytes() - heapBefore;
const after = { resources: await openResources(), listeners: listeners() };
const ms = performance.now() - began;
process.stdout.write(`${JSON.stringify({ kind: 'done', before, after, heapGrowth, ms })}\n`);
