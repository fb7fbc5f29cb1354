// An arena of ships in a browser: `npm run arena -w examples` on each computer of a network, or with `-- --loopback` several
// times on one. Each player's program flies its own ship, tells the others where it is, and serves the page that shows all.
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { gameLoop, join } from 'cablecar';
import { FixedStep } from './fixed-step.ts';
import { ShipState } from './messages.ts';
import { PageServer } from './page-server.ts';
import { Ship } from './ship.ts';

const HZ = 60;

const { values } = parseArgs({
  options: {
    name: { type: 'string', default: userInfo().username },
    loopback: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' }, // any that is free
  },
});

const page = await PageServer.open(Number(values.port));
const mesh = await join({
  service: 'arena',
  name: values.name,
  messages: [ShipState],
  interfaces: values.loopback ? 'loopback' : 'all',
});
mesh.on('warning', ({ message }) => console.error(message));
mesh.on('peer', (peer) => {
  const { id, name } = peer.info;
  peer.on('message', (state) => page.show({ id, name, state }));
  peer.on('close', () => page.show({ id, gone: true }));
});
console.log(`${mesh.name} flies at ${page.url}`);

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());

const ship = new Ship();
const steps = new FixedStep(1_000 / HZ);
await gameLoop({ hz: HZ, signal: stopped.signal }, ({ deltaMs }) => {
  steps.advance(deltaMs, () => ship.step(1 / HZ, page.keys));
  // Not the time of this frame, which may be late, but that up to which the ship has moved.
  const at = performance.timeOrigin + performance.now() - steps.leftMs;
  const state = ship.stateAt(at);
  mesh.broadcast(state, { delivery: 'latest' }); // one that could not leave in time is replaced by the next
  page.show({ id: mesh.id, name: mesh.name, own: true, state });
});
page.close();
await mesh.close();
