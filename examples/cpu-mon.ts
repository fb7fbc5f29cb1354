// cable_car's own example: every computer sees how busy every other one is, in a live table, or as lines where it is piped.
// Run by itself (`npm run cpu-mon:lan`) it speaks the original's messages on the original's ports, so that it takes its
// place among programs of both kinds; there a host runs one such program. With a name it meets others on this machine,
// on cablecar's own wire: `npm run cpu-mon` runs two.
import { hostname } from 'node:os';
import { join } from 'cablecar';
import type { Display } from './cpu-mon/display.ts';
import { LiveTable } from './cpu-mon/live-table.ts';
import { PlainLines } from './cpu-mon/plain-lines.ts';
import { MsgStats, StatsMeter } from './cpu-mon/stats.ts';

const [name] = process.argv.slice(2);
const isShort = name !== undefined; // it ends by itself when it has shown enough
const here = { service: 'cpu-mon', name: name ?? hostname(), interfaces: 'loopback' } as const;
const everywhere = { wire: 'classic-json', udpPort: 8226, tcpPort: 8227 } as const;
const mesh = await join({ ...(isShort ? here : everywhere), messages: [MsgStats] });

const quit = (): void => void mesh.close();
const display: Display = process.stdout.isTTY ? new LiveTable(quit) : new PlainLines();
const meter = new StatsMeter(name);
const thisComputer = { id: mesh.id, name: mesh.name, address: '' };
mesh.on('warning', ({ message }) => console.error(message));
display.show(thisComputer, meter.read());

let seen = 0;
mesh.on('peer', (peer) => {
  const { id, endpoint } = peer.info;
  const computer = { id, name: peer.info.name, address: endpoint.host };
  peer.send(meter.read());
  peer.on('message', (stats) => {
    display.show(computer, stats);
    if (isShort && ++seen === 4) quit();
  });
  peer.on('close', () => {
    display.left(computer);
    if (isShort) quit();
  });
});

const timer = setInterval(
  () => {
    const stats = meter.read();
    display.show(thisComputer, stats);
    if (!mesh.closed) mesh.broadcast(stats);
  },
  isShort ? 300 : 3_000,
);
mesh.on('close', () => {
  clearInterval(timer);
  display.close();
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, quit);
