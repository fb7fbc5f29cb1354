// Style 3, a game loop: sixty frames a second, and the world changes only between them.
import { GameLoopAdapter, gameLoop, join } from 'cablecar';
import { Position } from './messages.ts';

const mesh = await join({
  service: 'example-game',
  name: process.argv[2] ?? 'somebody',
  messages: [Position],
  interfaces: 'loopback', // leave this out to meet the whole network
});

const line = new GameLoopAdapter(await mesh.firstPeer({ timeoutMs: 10_000 }));
let other: Position | undefined;

await gameLoop({ hz: 60 }, ({ number: frame }) => {
  if (line.closed) return false; // the other has left
  const own = new Position({
    frame,
    x: Math.cos(frame / 20),
    y: Math.sin(frame / 20),
    name: mesh.name,
  });
  line.send(own);
  line.xfer(); // writes what was sent, takes in what has come
  for (let message; (message = line.get()) !== null;) other = message;
  if (other && frame % 20 === 0) {
    console.log(`frame ${frame}: ${other.name} is ${own.distanceTo(other).toFixed(2)} away`);
  }
  return frame < 60;
});
await line.shutdown();
await mesh.close();
