import { afterEach, expect, test } from 'vitest';
import { freeUdpPort } from '../compliance/free-udp-port.ts';
import { ahead } from '../support/ahead.ts';
import { bundle } from '../support/bundle.ts';
import { Program } from '../support/program.ts';

const ROUNDS = 500; // of two that join and close
const MOST_GROWTH_BYTES = 3 * 2 ** 20;
const END_MS = 2_000;

const running: Program[] = [];

function start(name: string, command: readonly string[]): Program {
  const program = new Program(name, command);
  running.push(program);
  return program;
}

async function joined(name: string, udpPort: number): Promise<Program> {
  const peer = await bundle('test/system/programs/peer.ts');
  const options = JSON.stringify({ name, udpPort, interfaces: 'loopback' });
  const program = start(name, ahead([process.execPath, peer, options]));
  await program.next(({ kind }) => kind === 'loaded', { timeoutMs: 60_000 });
  program.tell({ do: 'join' });
  await program.next(({ kind }) => kind === 'joined');
  return program;
}

/** Closes the mesh of a program and demands that the process ends by itself, soon and well. */
async function expectEnd(program: Program): Promise<void> {
  program.tell({ do: 'close' });
  await program.next(({ kind }) => kind === 'closed');
  const closed = performance.now();
  expect(await program.exited).toBe(0);
  const ms = performance.now() - closed;
  console.log(`the process ended ${ms.toFixed(0)} ms after close()`);
  expect(ms).toBeLessThanOrEqual(END_MS);
  expect(program.complaints).toBe('');
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.stop()));
});

test('a process whose mesh met nobody ends by itself after close()', async () => {
  await expectEnd(await joined('ada', await freeUdpPort()));
}, 60_000);

test('a process whose mesh has a peer ends by itself after close(), and so does the peer', async () => {
  const udpPort = await freeUdpPort();
  const [ada, bob] = await Promise.all([joined('ada', udpPort), joined('bob', udpPort)]);
  await Promise.all([ada, bob].map((program) => program.next(({ kind }) => kind === 'peer')));
  ada.tell({ do: 'say', text: 'bye' });
  await expectEnd(ada);
  await bob.next(({ kind, text }) => kind === 'heard' && text === 'bye');
  expect(await bob.next(({ kind }) => kind === 'lost')).toMatchObject({ code: 'goodbye' });
  await expectEnd(bob);
}, 60_000);

test('a thousand joins and closes in one process leave no socket, timer, listener or memory', async () => {
  const cycles = await bundle('test/system/programs/cycles.ts');
  const values = [await freeUdpPort(), ROUNDS].map(String);
  const program = start('cycles', [process.execPath, '--expose-gc', cycles, ...values]);
  const { before, after, heapGrowth, ms } = await program.next(({ kind }) => kind === 'done', {
    timeoutMs: 100_000,
  });
  const megabytes = (Number(heapGrowth) / 2 ** 20).toFixed(2);
  console.log(
    `${2 * ROUNDS} cycles in ${Number(ms).toFixed(0)} ms; the heap grew by ${megabytes} MB`,
  );
  expect(after).toEqual(before);
  expect(heapGrowth).toBeLessThanOrEqual(MOST_GROWTH_BYTES);
  expect(await program.exited).toBe(0);
}, 120_000);
