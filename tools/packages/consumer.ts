// A user's program, compiled against the installed packages with `skipLibCheck: false`. It is never run.
import { byteMessage, GameLoopAdapter, join, jsonMessage } from 'cablecar';

class Chat extends jsonMessage('Chat')<{ text: string; tags?: string[] }> {}
class Position extends byteMessage(0x10, { id: 'u8', x: 'i16', heading: 'f32', name: 'string' }) {}

const mesh = await join({ service: 'consumer', messages: [Chat, Position] });
mesh.on('peer', (peer) => {
  peer.send(new Chat({ text: `hello ${peer.info.name}` }));
  peer.on('close', ({ code, reason }) => console.log(code, reason));
});
mesh.on('warning', ({ code, origin }) => console.log(code, origin));

const peer = await mesh.firstPeer({ timeoutMs: 1000 });
for await (const message of peer) {
  if (message instanceof Chat) console.log(message.text.length);
  if (message instanceof Position) console.log(message.x + message.heading);
}

const line = new GameLoopAdapter(peer);
line.send(new Position({ id: 1, x: 2, heading: 3, name: 'Ada' }));
if (line.xfer()) console.log(line.get());
await mesh.close();
