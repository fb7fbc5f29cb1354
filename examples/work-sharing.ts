// Work is shared among whoever is there: `npm run work-sharing -w examples` runs ada, who has a question, and three who help.
// `work-sharing.ts ada` hands out tasks; under any other name it works. Helpers may come late and may be killed: the task of
// one that leaves goes to another, and each counts once.
import { join, jsonMessage, type Messenger } from 'cablecar';

/** To the helper: count the primes from one number up to another. */
class Task extends jsonMessage('Task')<{ number: number; from: number; to: number }> {}
/** From the helper: I am free. */
class Free extends jsonMessage('Free') {}
/** From the helper: so many, and I am free again. */
class Result extends jsonMessage('Result')<{ task: number; primes: number }> {}
/** To the helper: that was all. */
class Thanks extends jsonMessage('Thanks') {}

type Peer = Messenger<Task | Free | Result | Thanks>;

const TASKS = 40;
const SIZE = 100_000;

const name = process.argv[2] ?? 'ada';
const mesh = await join({
  service: 'example-work',
  name,
  messages: [Task, Free, Result, Thanks],
  interfaces: process.argv.includes('--lan') ? 'all' : 'loopback',
  resumeWindowMs: 1_000, // a helper that is gone so long is given up, and its task given to another
});
mesh.on('warning', ({ message }) => console.error(message));
await (name === 'ada' ? share() : help());
await mesh.close();

/** Gives a task to whoever is free, until all results are there. */
async function share(): Promise<void> {
  const waiting = Array.from({ length: TASKS }, (_, number) => {
    return new Task({ number, from: number * SIZE, to: (number + 1) * SIZE });
  });
  const given = new Map<Peer, Task>();
  const free = new Set<Peer>();
  const giveAll = (): void => {
    for (const peer of free) {
      const task = waiting.shift();
      if (task === undefined) return;
      free.delete(peer);
      given.set(peer, task);
      peer.send(task);
    }
  };
  mesh.on('peer:lost', (peer) => {
    const task = given.get(peer);
    console.log(`${peer.info.name} has left${task ? `, task ${task.number} goes to another` : ''}`);
    if (task) waiting.unshift(task);
    given.delete(peer);
    free.delete(peer);
    giveAll();
  });

  let [results, primes] = [0, 0];
  for await (const { peer, message } of mesh.messages()) {
    if (message instanceof Result) {
      if (given.get(peer)?.number !== message.task) continue; // not what it was given
      given.delete(peer);
      results += 1;
      primes += message.primes;
      console.log(`task ${message.task} by ${peer.info.name}: ${message.primes} primes`);
    }
    if (results === TASKS) break;
    free.add(peer);
    giveAll();
  }
  mesh.broadcast(new Thanks());
  console.log(`${results} results: there are ${primes} primes below ${TASKS * SIZE}`);
}

/** Does one task after the other, until there are thanks. */
async function help(): Promise<void> {
  mesh.on('peer', (peer) => peer.send(new Free()));
  let done = 0;
  for await (const { peer, message } of mesh.messages()) {
    if (message instanceof Thanks) break;
    if (!(message instanceof Task)) continue; // another helper, which is free as well
    peer.send(new Result({ task: message.number, primes: countPrimes(message) }));
    done += 1;
  }
  console.log(`helped with ${done} tasks`);
}

function countPrimes({ from, to }: Task): number {
  let primes = 0;
  for (let number = Math.max(2, from); number < to; number++) {
    let divisor = 2;
    while (divisor * divisor <= number && number % divisor > 0) divisor++;
    if (divisor * divisor > number) primes++;
  }
  return primes;
}
