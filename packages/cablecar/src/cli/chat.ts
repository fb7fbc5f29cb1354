import { createInterface } from 'node:readline';
import { cleanText, jsonMessage } from '@cablecar/core-protocol';
import { join } from '../join.ts';
import type { Mesh } from '../mesh.ts';
import type { Call } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { describePeer, peerRecord } from './find-peer.ts';
import { joinOptions } from './join-from.ts';
import type { Terminal } from './terminal.ts';

const MAX_TEXT_LENGTH = 4096;

class Chat extends jsonMessage('Chat')<{ text: string }> {}

/** `cablecar chat` */
export async function run({ args, terminal, signal }: Call): Promise<number> {
  const mesh = await join({ ...joinOptions(args), messages: [Chat] });
  const isJson = args.has('json');
  const prompt = terminal.isInteractive && !isJson;
  const lines = createInterface({
    input: terminal.input,
    ...(prompt && { output: terminal.output, prompt: '' }),
    signal,
  });
  lines.on('SIGINT', () => lines.close()); // a terminal in raw mode sends no signal
  const tell = (text: string, record: object): void => {
    if (isJson) terminal.printJson(record);
    else if (prompt) printAbove(terminal, text, lines.line);
    else terminal.print(text);
  };
  listenTo(mesh, terminal, tell);
  if (!isJson) terminal.note(`You are ${mesh.name}. /who lists who is there, /quit ends.`);
  try {
    for await (const line of lines) {
      if (line === '/quit') break;
      if (line === '/who') {
        for (const { info } of mesh.peers.values()) tell(describePeer(info), peerRecord(info));
      } else if (line !== '') mesh.broadcast(new Chat({ text: line }));
    }
  } finally {
    lines.close();
    await mesh.close();
  }
  return EXIT.done;
}

function listenTo(
  mesh: Mesh<Chat>,
  terminal: Terminal,
  tell: (text: string, record: object) => void,
): void {
  mesh.on('peer', (peer) => {
    const record = (kind: string): object => ({ kind, peer: peerRecord(peer.info) });
    tell(terminal.paint('dim', `${describePeer(peer.info)} came`), record('peer'));
    peer.on('message', (message) => {
      const said: unknown = message instanceof Chat ? message.text : undefined;
      if (typeof said !== 'string') return;
      const text = cleanText(said, MAX_TEXT_LENGTH); // no stranger steers a terminal
      const who = terminal.paint('cyan', peer.info.name);
      tell(`${who}: ${text}`, { ...record('chat'), text });
    });
    peer.on('close', ({ code, reason }) => {
      const left = terminal.paint('dim', `${describePeer(peer.info)} left: ${code}`);
      tell(left, { ...record('lost'), code, reason });
    });
  });
  mesh.on('warning', ({ code, message }) => {
    tell(terminal.paint('yellow', message), { kind: 'warning', code, message });
  });
}

/** A line above what is being typed. */
function printAbove(terminal: Terminal, text: string, typed: string): void {
  terminal.output.write(`\r\u001B[K${text}\n${typed}`);
}
