// `npm run bench:connect`: what security costs, between two processes on loopback, in turns; medians.
import { createInterface } from 'node:readline';
import { byteMessage, DirectClient, DirectServer, Messenger, type Link } from 'cablecar';
import { freeTcpPort } from '../../support/free-tcp-port.ts';
import { Program } from '../../support/program.ts';
import { quantile } from '../../support/quantile.ts';

class Small extends byteMessage(0x20, { sequence: 'u32', x: 'f32', y: 'f32', name: 'string' }) {}
class Large extends byteMessage(0x21, { bytes: 'bytes' }) {}

const messages = [Small, Large] as const;
const host = '127.0.0.1';
const ROUNDS = 5;
const CONNECTS = 40;
const SMALL = 2_000_000;
const LARGE = 4_000;
const BURST = 512;
const LARGE_BYTES = 65_536 - 64;

/** How a connection may be made. */
const MODES = {
  plain: { security: 'none' },
  identity: {},
  secret: { secret: 'ruby-harvest-7-orbit-lantern' },
} as const;
type Mode = keyof typeof MODES;
const NAMES = Object.keys(MODES) as Mode[];

const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((one, other) => one - other),
    0.5,
  );

if (process.argv[2] === 'serve') await serve(Number(process.argv[3]), process.argv[4] as Mode);
else await measure();

/** Takes one connection after the other, and confirms by its credit what it receives. */
async function serve(port: number, mode: Mode): Promise<void> {
  createInterface({ input: process.stdin }).on('close', () => process.exit(0));
  console.log(JSON.stringify({ kind: 'ready' }));
  for (;;) {
    const server = new DirectServer({ port, interfaces: 'loopback', ...MODES[mode] });
    const messenger = new Messenger(await server.connect({ timeoutMs: 600_000 }), { messages });
    await new Promise<void>((resolve) => {
      messenger.on('message', () => {}).on('close', () => resolve());
    });
  }
}

async function measure(): Promise<void> {
  const places = new Map<Mode, { readonly port: number; readonly server: Program }>();
  for (const mode of NAMES) {
    const port = await freeTcpPort();
    const words = [process.execPath, ...process.execArgv, import.meta.filename];
    const server = new Program(mode, [...words, 'serve', String(port), mode]);
    await server.next(({ kind }) => kind === 'ready');
    places.set(mode, { port, server });
  }
  const link = (mode: Mode): Promise<Link> =>
    new DirectClient({ host, port: places.get(mode)?.port ?? 0, ...MODES[mode] }).connect({
      timeoutMs: 60_000,
    });
  const results: Record<string, Record<Mode, number[]>> = {
    'connect, ms': { plain: [], identity: [], secret: [] },
    'small messages, 1,000/s': { plain: [], identity: [], secret: [] },
    'of 64 KiB, MiB/s': { plain: [], identity: [], secret: [] },
  };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const mode of NAMES) {
      const figures = [await connects(() => link(mode))];
      const messenger = new Messenger(await link(mode), { messages });
      const small = new Small({ sequence: 1, x: 1.5, y: -2.5, name: 'ada12345' });
      figures.push(SMALL / 1_000 / (await seconds(messenger, small, SMALL)));
      const large = new Large({ bytes: new Uint8Array(LARGE_BYTES) });
      figures.push((LARGE * LARGE_BYTES) / 2 ** 20 / (await seconds(messenger, large, LARGE)));
      await messenger.close();
      // The first round warms the machine up, and stretches the secret.
      if (round > 0) Object.values(results).forEach((rows, n) => rows[mode].push(figures[n] ?? 0));
    }
  }
  for (const [what, rows] of Object.entries(results)) {
    const base = median(rows.plain);
    const cells = NAMES.map((mode) => {
      const figure = median(rows[mode]);
      return `${mode} ${figure.toFixed(1)} (${(figure / base).toFixed(2)})`;
    });
    console.log(`${what.padEnd(26)} ${cells.join('   ')}`);
  }
  await Promise.all([...places.values()].map(({ server }) => server.stop()));
  process.exit(0);
}

/** How long a link takes, in milliseconds: the median of some. */
async function connects(link: () => Promise<Link>): Promise<number> {
  const times: number[] = [];
  for (let made = 0; made < CONNECTS; made++) {
    const began = performance.now();
    const linked = await link();
    times.push(performance.now() - began);
    const messenger = new Messenger(linked, { messages });
    await messenger.close();
    await new Promise((resolve) => setTimeout(resolve, 5)); // until the other end listens again
  }
  return median(times);
}

/** How long so many of a message take, until the other end has all of them. */
async function seconds(
  messenger: Messenger<Small | Large>,
  message: Small | Large,
  count: number,
): Promise<number> {
  const began = performance.now();
  for (let sent = 0; sent < count;) {
    let roomy = true;
    for (const end = Math.min(count, sent + BURST); sent < end && roomy; sent++)
      roomy = messenger.send(message);
    if (roomy) await new Promise((resolve) => setImmediate(resolve));
    else await new Promise<void>((resolve) => messenger.once('drain', resolve));
  }
  await messenger.flush({ timeoutMs: 60_000 });
  return (performance.now() - began) / 1_000;
}
