// One of the two programs of the demo; demo.ts starts both.
import { GameLoopAdapter, gameLoop, join, type Messenger } from 'cablecar';
import { Chat, Position } from './messages.ts';

type Peer = Messenger<Chat | Position>;

/** A second and a half, so that a heartbeat measures the round trip. */
const FRAMES = 90;

const name = process.argv[2] ?? 'somebody';
const started = performance.now();
const mesh = await join({
  service: 'cablecar-demo',
  name,
  messages: [Chat, Position],
  interfaces: 'loopback',
});
mesh.on('warning', (error) => console.log(error.message));

const first = await mesh.firstPeer({ timeoutMs: 5_000 });
const ms = (performance.now() - started).toFixed(0);
console.log(`met ${first.info.name} at ${first.info.endpoint.host}, ${ms} ms after join()`);

await byEvents(first);
await byLoop(first);
await byFrames(first);
const { minimumMs } = first.stats;
console.log(`round trip ${minimumMs?.toFixed(2)} ms at best; goodbye`);
await mesh.close();

/** Style 1: listeners. */
function byEvents(peer: Peer): Promise<void> {
  peer.send(new Chat({ text: `hello from ${name}` }));
  return new Promise((resolve) => {
    peer.once('message', (message) => {
      if (message instanceof Chat) console.log(`event      ${JSON.stringify(message.text)}`);
      resolve();
    });
  });
}

/** Style 2: for await. */
async function byLoop(peer: Peer): Promise<void> {
  for (const text of ['one', 'two', 'three']) peer.send(new Chat({ text }));
  const heard: string[] = [];
  for await (const message of peer) {
    if (message instanceof Chat) heard.push(message.text);
    if (heard.length === 3) break;
  }
  console.log(`for await  ${heard.join(', ')}`);
}

/** Style 3: a game loop of sixty frames a second. */
async function byFrames(peer: Peer): Promise<void> {
  const line = new GameLoopAdapter(peer);
  let seen = 0;
  let distance = 0;
  await gameLoop({ hz: 60 }, ({ number: frame }) => {
    const own = new Position({ frame, x: frame, y: name.length, name });
    if (frame < FRAMES) line.send(own);
    line.xfer();
    for (let message; (message = line.get()) !== null;) {
      if (!(message instanceof Position)) continue;
      seen++;
      distance = own.distanceTo(message);
    }
    return frame < FRAMES || (seen < FRAMES && frame < 5 * FRAMES);
  });
  console.log(`game loop  ${seen} positions, the last ${distance.toFixed(1)} away`);
  await peer.flush({ timeoutMs: 2_000 });
}
