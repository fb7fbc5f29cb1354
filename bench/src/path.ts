// The message path alone, without sockets: CPU time per message of each end. path [message|batches|await|bytes]
import { Messenger, type Message } from 'cablecar';
import { Bytes, ByteState } from './contenders/cablecar.ts';
import { HeldLink } from './held-link.ts';
import { STATES } from './payload.ts';
import { spreadOf } from './spread.ts';
import { short } from './table.ts';

const BURST = 512;
const WARM_UP_MS = 600;
const ROUND_MS = 120;
const ROUNDS = 7;

const [style = 'message'] = process.argv.slice(2);
const payload = Buffer.alloc(32, 7);
const messages = [ByteState, Bytes] as const;
const [here, there] = [new HeldLink(), new HeldLink()];
const sender: Messenger = new Messenger(here.asLink, { messages });
const receiver: Messenger = new Messenger(there.asLink, { messages });
const count = { sent: 0, received: 0 };
if (style === 'batches') void readBatches();
else if (style === 'await') void readOneByOne();
else receiver.on('message', () => count.received++);

introduce();
await measure(WARM_UP_MS);
const rounds: [number, number][] = [];
for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(ROUND_MS));
const sending = spreadOf(rounds.map(([ns]) => ns));
const receiving = spreadOf(rounds.map(([, ns]) => ns));
for (const [name, { median, low }] of Object.entries({ sending, receiving })) {
  console.log(`${style}, ${name}: ${short(median)} ns a message, at best ${short(low)}`);
}
process.exit();

/** CPU time per message of sending and of receiving, in nanoseconds. */
async function measure(ms: number): Promise<[number, number]> {
  let [sendUs, receiveUs, bursts] = [0, 0, 0];
  while (sendUs + receiveUs < ms * 1_000) {
    const began = process.cpuUsage();
    for (let left = BURST; left > 0; left--) sender.send(next());
    here.endTurn();
    const sent = process.cpuUsage();
    here.deliverTo(there);
    await taken();
    there.endTurn();
    const done = process.cpuUsage();
    there.deliverTo(here);
    here.endTurn();
    sendUs += sent.user + sent.system - began.user - began.system;
    receiveUs += done.user + done.system - sent.user - sent.system;
    bursts++;
  }
  return [(sendUs * 1_000) / (bursts * BURST), (receiveUs * 1_000) / (bursts * BURST)];
}

function next(): Message {
  const sequence = count.sent++ & 0xffff;
  return style === 'bytes' ? new Bytes({ payload }) : new ByteState(STATES.make(sequence, true));
}

/** Resolves when everything that was sent has been read. */
async function taken(): Promise<void> {
  while (count.received < count.sent) await new Promise(setImmediate);
}

async function readBatches(): Promise<void> {
  for await (const batch of receiver.batches()) for (const _ of batch) count.received++;
}

async function readOneByOne(): Promise<void> {
  for await (const _ of receiver) count.received++;
}

/** Both say OPEN. */
function introduce(): void {
  for (let turn = 0; turn < 2; turn++) {
    here.endTurn();
    there.endTurn();
    here.deliverTo(there);
    there.deliverTo(here);
  }
}
