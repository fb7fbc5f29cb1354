// Style 2, for await: a program that works through messages in their order, one after the other.
import { join } from 'cablecar';
import { Chat } from './messages.ts';

const mesh = await join({
  service: 'example-loop',
  name: process.argv[2] ?? 'somebody',
  messages: [Chat],
  interfaces: 'loopback', // leave this out to meet the whole network
});

const peer = await mesh.firstPeer({ timeoutMs: 10_000 });
for (const word of ['one', 'two', 'three', 'bye']) peer.send(new Chat({ text: word }));

for await (const { text } of peer) {
  console.log(`${peer.info.name} counts: ${text}`);
  if (text === 'bye') break;
}
await mesh.close();
