/**
 * The program that is flooded: joins with the options of its argument and answers every Ping. It is told {"do":
 * "measure"} to forget what memory it took so far, and {"do": "tell"} to say how much more it took at most since.
 */
import { createInterface } from 'node:readline';
import { join, type JoinOptions } from 'cablecar';
import { Ping, Pong } from '../flood/messages.ts';

const EVERY_MS = 50;

const options = JSON.parse(process.argv[2] ?? '{}') as Omit<JoinOptions, 'messages'>;
const mesh = await join({ ...options, messages: [Ping, Pong] });
let lost = 0;
mesh.on('peer', (peer) => {
  peer.on('message', (message) => {
    if (message instanceof Ping && !peer.closed) peer.send(new Pong({ number: message.number }));
  });
});
mesh.on('peer:lost', () => lost++);
mesh.on('warning', () => {});

let atFirst = 0;
let atMost = 0;
setInterval(() => (atMost = Math.max(atMost, process.memoryUsage.rss())), EVERY_MS);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { do: what } = JSON.parse(line) as { readonly do: 'measure' | 'tell' };
    if (what === 'measure') {
      globalThis.gc?.();
      atFirst = atMost = process.memoryUsage.rss();
    }
    const growth = atMost - atFirst;
    console.log(JSON.stringify({ kind: what, growth, lost, peers: mesh.peers.size }));
  })
  .on('close', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
console.log(JSON.stringify({ kind: 'ready' }));
