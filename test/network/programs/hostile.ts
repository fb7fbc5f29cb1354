/**
 * A program for LAN tests: does to a program on a classic wire what it should not, as it is told by lines of JSON.
 * Argument: its address.
 */
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { once } from 'node:events';

type Command =
  /** Connects, writes this (text, or bytes in hexadecimal) and then nothing, ends, or resets. */
  | {
      readonly do: 'write';
      readonly text?: string;
      readonly hex?: string;
      readonly after?: 'end' | 'reset';
    }
  /** Connects and writes a line that never ends, of so many bytes, until it is cut off or done. */
  | { readonly do: 'endless'; readonly bytes: number }
  /** Sends so many datagrams. */
  | { readonly do: 'flood'; readonly datagrams: number };

const host = process.argv[2] ?? '';

async function obey(command: Command): Promise<void> {
  if (command.do === 'flood') {
    const socket = createSocket('udp4');
    for (let sent = 0; sent < command.datagrams; sent++) {
      const bytes = Buffer.alloc(sent % 1400, sent);
      await new Promise((resolve) => socket.send(bytes, 8222, host, resolve));
    }
    socket.close();
    return;
  }
  const socket = connect(8223, host);
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.on('close', () => console.log(JSON.stringify({ kind: 'cut' })));
  socket.resume();
  if (command.do === 'endless') {
    const piece = Buffer.alloc(65_536, 'x');
    for (let sent = 0; sent < command.bytes && !socket.destroyed; sent += piece.length) {
      if (!socket.write(piece)) await once(socket, 'drain');
    }
    socket.write('\n["Chat",{"text":"after all"}]\n');
    return;
  }
  socket.write(command.hex === undefined ? (command.text ?? '') : Buffer.from(command.hex, 'hex'));
  if (command.after === 'end') socket.end();
  if (command.after === 'reset') setTimeout(() => socket.resetAndDestroy(), 100);
}

console.log(JSON.stringify({ kind: 'ready' }));
for await (const line of createInterface({ input: process.stdin })) {
  await obey(JSON.parse(line) as Command);
  console.log(JSON.stringify({ kind: 'done' }));
}
