// A user's program, compiled against the installed packages with `skipLibCheck: false`. It is never run.
import { World } from '@cablecar/simulator';
import { byteMessage, diagnose, GameLoopAdapter, join, jsonMessage } from 'cablecar';
import { joinLobby } from 'cablecar/lobby';

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

const lobby = await joinLobby({ service: 'consumer', messages: [Chat], size: 3 });
lobby.on('invitation', (invitation) => void invitation.accept());
for (const player of lobby.players.values()) {
  const match = await lobby.invite(player, { timeoutMs: 1000 });
  match.players[0]?.peer.send(new Chat({ text: `${player.taken} of ${player.size}` }));
}

const world = new World({ seed: 7, network: { datagramLoss: 0.2 } });
const simulated = await join({ service: 'consumer', transport: world.host('ada').transport });
await world.runUntil(simulated.close());

const { well, findings } = await diagnose({ service: 'consumer', waitMs: 1000 });
if (!well) console.log(findings.map(({ code, title, fixes }) => `${code} ${title} ${fixes[0]}`));
