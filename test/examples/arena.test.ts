import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { formatted } from '../../tools/docs/formatted.ts';
import type { LanHost } from '../network/lan-host.ts';
import { describeLan } from '../network/lan.ts';
import { BrowserPage } from '../support/browser.ts';
import { isWriting, PagePart } from '../support/page-part.ts';
import { quantile } from '../support/quantile.ts';
import { skipWithout } from '../support/skip-without.ts';
import { compare, type Flight, type Recording } from './flight.ts';

const SECONDS = isWriting ? 30 : 8;
const PAGE = 'docs/games.md';
const TIMEOUT = { timeout: 120_000 };
const FAULTS = { delayMs: 5, jitterMs: 30, loss: 0.02 };

/** Starts a player's program and, beside it on the same host, a browser that shows its page. */
async function fly(host: LanHost, name: string): Promise<BrowserPage> {
  const program = host.spawn('examples/arena/main.ts', ['--name', name]);
  const address = (): string | undefined => /http:\S+/.exec(program.complaints)?.[0];
  await expect.poll(address, { timeout: 30_000 }).toBeDefined();
  return BrowserPage.open(`${address()}/#record`, {
    inside: host.inside,
    ...{ width: 640, height: 360 },
  });
}

/** Thrusts all the time and turns for most of it, which is to fly in circles that wander. */
async function steer(page: BrowserPage, side: 'ArrowLeft' | 'ArrowRight'): Promise<void> {
  await page.key('keyDown', 'ArrowUp');
  const end = performance.now() + SECONDS * 1_000;
  for (let turn = 0; performance.now() < end; turn++) {
    await page.key('keyDown', side);
    await sleep(1_000 + 300 * (turn % 3)); // how long a player holds a key, not a wait for something
    await page.key('keyUp', side);
    await sleep(100 + 100 * (turn % 2));
  }
}

describeLan('the example arena', (createLan) => {
  test('shows two ships to two pages, smoothly on a bad network', TIMEOUT, async ({ skip }) => {
    skipWithout('chromium', skip);
    const lan = await createLan(2, { badSwitchSeed: 11 });
    await lan.badSwitch.set(FAULTS);
    const [ada, bob] = await Promise.all([fly(lan.host(0), 'Ada'), fly(lan.host(1), 'Bob')]);
    for (const page of [ada, bob]) {
      await page.until('recording.drawn.at(-1)?.ships.length === 2');
    }
    for (const page of [ada, bob]) {
      await page.evaluate('recording.flown.length = recording.drawn.length = 0');
    }
    await Promise.all([steer(ada, 'ArrowLeft'), steer(bob, 'ArrowRight')]);
    const looks = await Promise.all([ada.screenshot(), bob.screenshot()]);
    const [atAda, atBob] = (await Promise.all([
      ada.evaluate('recording'),
      bob.evaluate('recording'),
    ])) as [Recording, Recording];

    const flights = {
      'Bob’s ship on Ada’s page': compare('Bob', atAda, atBob),
      'Ada’s ship on Bob’s page': compare('Ada', atBob, atAda),
    };
    // Bounds that hold on a slow machine as well: what is smooth there is told by the figures of a run, in the docs.
    for (const flight of Object.values(flights)) {
      expect(flight.frames).toBeGreaterThan(10 * SECONDS);
      expect(flight.distance).toBeGreaterThan(100 * SECONDS);
      expect(quantile(flight.errors, 0.5)).toBeLessThan(2);
      expect(quantile(flight.errors, 0.95)).toBeLessThan(40);
      expect(quantile(flight.behind, 0.5)).toBeLessThan(400);
    }
    const { sent, lost } = await lan.badSwitch.set({});
    expect(lost).toBeGreaterThan(0);

    if (isWriting) {
      writeFileSync('docs/images/arena-ada.png', looks[0]);
      writeFileSync('docs/images/arena-bob.png', looks[1]);
      const share = ((100 * lost) / (sent + lost)).toFixed(1);
      new PagePart(PAGE, 'arena').text = (await formatted(PAGE, figures(flights, share))).trimEnd();
    }
  });
});

function figures(flights: Readonly<Record<string, Flight>>, lostShare: string): string {
  const quantities = (values: readonly number[], digits: number): string =>
    [0.5, 0.99, 1].map((part) => quantile(values, part).toFixed(digits)).join(' / ');
  const columns = Object.values(flights);
  const line = (what: string, read: (flight: Flight) => string): string =>
    `| ${[what, ...columns.map(read)].join(' | ')} |`;
  const delay = `${FAULTS.delayMs} to ${FAULTS.delayMs + FAULTS.jitterMs} ms`;
  return [
    `A run of ${SECONDS} seconds; ${lostShare} % of all frames were lost, each of the others took ${delay}; the machine's ${availableParallelism()} processors had a load of ${loadavg()[0]!.toFixed(1)}. Median / 99 % / most:`,
    '',
    `| | ${Object.keys(flights).join(' | ')} |`,
    '| :-- | --: | --: |',
    line('from where it was at the moment shown, in units', ({ errors }) => quantities(errors, 1)),
    line('how long ago that was, in ms', ({ behind }) => quantities(behind, 0)),
    line('from where it is by now, in units', ({ distances }) => quantities(distances, 0)),
    line('time of a frame of the page, in ms', ({ frameTimes }) => quantities(frameTimes, 1)),
    line('flown, in units', ({ distance }) => Math.round(distance).toLocaleString('en-GB')),
  ].join('\n');
}
