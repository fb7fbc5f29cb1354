// cable_car's own example: every computer sees how busy every other one is.
// Run by itself (`npm run cpu-mon:lan`) it speaks the original's messages on the original's ports, so that it takes its
// place among programs of both kinds; there a host runs one such program. With a name it meets others on this machine,
// on cablecar's own wire: `npm run cpu-mon` runs two.
import { cpus, freemem, hostname, loadavg, totalmem } from 'node:os';
import { join, jsonMessage } from 'cablecar';

/** What the original sends; each attribute has the meaning that Python's psutil gives it. */
class MsgStats extends jsonMessage('MsgStats')<{
  host: string;
  cpu_percent: number;
  load_avg: number[];
  memory_percent: number;
  memory_total: number;
  swap_percent: number;
  swap_total: number;
  temp?: number;
}> {
  line(): string {
    const load = this.load_avg.map((value) => value.toFixed(2)).join(' ');
    const memory = `${this.memory_percent.toFixed(0)} % of ${(this.memory_total / 2 ** 30).toFixed(1)} GiB`;
    const temp = this.temp === undefined ? '' : `, ${this.temp.toFixed(0)} °C`;
    return `${this.host}: processor ${this.cpu_percent.toFixed(0)} %, load ${load}, memory ${memory}${temp}`;
  }
}

/** How busy the processors have been since the last call. */
let before = { busy: 0, total: 0 };
function cpuPercent(): number {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  const total = times.reduce((sum, { user, nice, sys, idle: rest, irq }) => {
    return sum + user + nice + sys + rest + irq;
  }, 0);
  const now = { busy: total - idle, total };
  const percent = (100 * (now.busy - before.busy)) / Math.max(1, now.total - before.total);
  before = now;
  return percent;
}

const [name] = process.argv.slice(2);

function stats(): MsgStats {
  return new MsgStats({
    host: name ?? hostname(),
    cpu_percent: cpuPercent(),
    load_avg: loadavg(),
    memory_percent: 100 - (100 * freemem()) / totalmem(),
    memory_total: totalmem(),
    swap_percent: 0, // Node does not tell
    swap_total: 0,
  });
}

const here = { service: 'cpu-mon', name: name ?? hostname(), interfaces: 'loopback' } as const;
const everywhere = { wire: 'classic-json', udpPort: 8226, tcpPort: 8227 } as const;
const mesh = await join({ ...(name === undefined ? everywhere : here), messages: [MsgStats] });
mesh.on('warning', ({ message }) => console.error(message));
console.log(stats().line());

let seen = 0;
mesh.on('peer', (peer) => {
  peer.send(stats());
  peer.on('message', (message) => {
    console.log(message.line());
    if (name !== undefined && ++seen === 4) void mesh.close(); // enough to have shown it
  });
  peer.on('close', () => {
    console.log(`${peer.info.name} left`);
    if (name !== undefined) void mesh.close();
  });
});

const timer = setInterval(
  () => {
    if (!mesh.closed) mesh.broadcast(stats());
  },
  name === undefined ? 3_000 : 300,
);
mesh.on('close', () => clearInterval(timer));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void mesh.close());
