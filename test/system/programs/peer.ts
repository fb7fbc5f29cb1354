/**
 * A program for whole-system tests: joins when it is told to, and prints what happens and when. Argument: the options
 * of `join()` as JSON. It is told {"do": "join"}, {"do": "say", "text": …} and {"do": "close"}.
 */
import { createInterface } from 'node:readline';
import { join, jsonMessage, type JoinOptions, type Mesh } from 'cablecar';

class Chat extends jsonMessage('Chat')<{ text: string }> {}

interface Order {
  readonly do: 'join' | 'say' | 'close';
  readonly text?: string;
}

const options = JSON.parse(process.argv[2] ?? '{}') as Omit<JoinOptions, 'messages'>;
let mesh: Mesh<Chat> | undefined;

function print(kind: string, details: object = {}): void {
  const at = performance.timeOrigin + performance.now();
  process.stdout.write(`${JSON.stringify({ kind, ...details, at })}\n`);
}

async function enter(): Promise<void> {
  print('joining');
  const began = performance.now();
  mesh = await join({ ...options, messages: [Chat] });
  mesh.on('peer', (peer) => {
    const ms = performance.now() - began;
    const { id, name, endpoint, via } = peer.info;
    print('peer', { id, name, host: endpoint.host, via, ms });
    peer.on('message', ({ text }) => print('heard', { name, text }));
    peer.on('suspect', () => print('suspect', { name }));
    peer.on('resume', () => print('resume', { name, host: peer.info.endpoint.host }));
    peer.on('close', ({ code, reason }) => print('lost', { id, name, code, reason }));
  });
  mesh.on('warning', ({ code, message }) => print('warning', { code, message }));
  print('joined', { id: mesh.id });
}

const orders = createInterface({ input: process.stdin });
orders.on('line', (line) => {
  const order = JSON.parse(line) as Order;
  if (order.do === 'join') void enter();
  if (order.do === 'say') mesh?.broadcast(new Chat({ text: order.text ?? '' }));
  if (order.do !== 'close') return;
  orders.close(); // from here on nothing keeps the process but what the mesh has left open
  process.stdin.destroy();
  void mesh?.close().then(() => print('closed', { resources: process.getActiveResourcesInfo() }));
});
process.stdin.on('end', () => process.exit(1)); // whoever started it is gone
print('loaded');
