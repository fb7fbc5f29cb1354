/**
 * A program for LAN tests: meets another of its kind again and again, each time as somebody new and in a service of that
 * time alone, with both dialling at once; says a few numbered messages, hears as many, and leaves. Argument:
 * {@link CrossingsOptions} as JSON. Prints a line for each meeting: its number, and a talker's report of it.
 */
import { join } from 'cablecar';
import { Conversation } from '../talking/conversation.ts';
import { Numbered } from '../talking/numbered.ts';
import type { TalkerReport } from './talker.ts';

/** How often two meet, and what they say. */
export interface CrossingsOptions {
  readonly name: string;
  readonly meetings: number;
  readonly atOnce: number;
  readonly messages: number;
}

const { name, meetings, atOnce, messages } = JSON.parse(process.argv[2] ?? '') as CrossingsOptions;
let begun = 0;

async function meetOnce(number: number): Promise<Omit<TalkerReport, 'peakBytes' | 'beganBytes'>> {
  const conversations: Conversation[] = [];
  const service = `meeting ${number}`;
  const mesh = await join({ name, service, headStartMs: 0, messages: [Numbered] });
  await new Promise<void>((resolve) => {
    mesh.on('peer', (peer) => {
      const conversation = new Conversation(peer, undefined);
      conversations.push(conversation);
      peer.on('message', () => {
        if (conversation.report().heard[0]?.count === messages) resolve();
      });
      peer.on('close', () => resolve());
      conversation.begin({ messages });
    });
  });
  await mesh.close();
  return {
    name,
    id: mesh.id,
    service,
    isClosed: mesh.closed,
    peers: [...mesh.peers.keys()],
    conversations: conversations.map((one) => one.report()),
  };
}

async function meetOnAndOn(): Promise<void> {
  while (begun < meetings) {
    const number = begun++;
    const report = await meetOnce(number);
    console.log(JSON.stringify({ kind: 'met', number, ...report }));
  }
}

process.stdin.on('end', () => process.exit(1)).resume(); // whoever started it is gone
await Promise.all(Array.from({ length: atOnce }, meetOnAndOn));
console.log(JSON.stringify({ kind: 'done' }));
process.exit();
