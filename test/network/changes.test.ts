import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Line, Program } from '../support/program.ts';
import type { LanHost } from './lan-host.ts';
import { describeLan } from './lan.ts';
import { joined } from './peer-program.ts';

/** What a link's return is given until the peers talk again. */
const RETURN_MS = 3_000;
/** A connection is given up after so much silence, by default. */
const SILENCE_MS = 6_000;

function event(kind: string, name: string): (line: Line) => boolean {
  return (line) => line['kind'] === kind && line['name'] === name;
}

/** Says something at one end again and again until it is heard at the other; resolves with the moment it was heard. */
async function heardFrom(speaker: Program, name: string, listener: Program): Promise<number> {
  const text = `${name} at ${performance.now()}`;
  const speaking = setInterval(() => speaker.tell({ do: 'say', text }), 50);
  try {
    const line = await listener.next((it) => it['kind'] === 'heard' && it['text'] === text, {
      timeoutMs: 30_000,
    });
    return Number(line['at']);
  } finally {
    clearInterval(speaking);
  }
}

const now = (): number => performance.timeOrigin + performance.now();

describeLan('a program whose network changes', (createLan) => {
  test('meets the peers of both its LANs', { timeout: 60_000 }, async () => {
    const lan = await createLan(3);
    const [both, first, second] = lan.hosts as [LanHost, LanHost, LanHost];
    await lan.addLan([both, second]);
    second.unplug(0);
    const [ada, bob, eve] = await Promise.all([
      joined(both, { name: 'ada' }),
      joined(first, { name: 'bob' }),
      joined(second, { name: 'eve' }),
    ]);
    const met = [
      await ada.next(({ kind }) => kind === 'peer'),
      await ada.next(({ kind }) => kind === 'peer'),
    ];
    expect(met.map(({ name, host }) => `${String(name)} ${String(host)}`).sort()).toEqual([
      `bob ${first.address(0)}`,
      `eve ${second.address(1)}`,
    ]);
    await bob.next(event('peer', 'ada'));
    await eve.next(event('peer', 'ada'));
    await heardFrom(ada, 'ada', bob);
    await heardFrom(ada, 'ada', eve);
    expect(bob.printed.some(event('peer', 'eve'))).toBe(false);
  });

  test.each([
    [1_000, 'the connection'],
    [8_000, 'no connection'],
  ])(
    'talks again within 3 s of the return of a link that was down for %i ms, which %s survives',
    { timeout: 60_000 },
    async (downMs) => {
      const lan = await createLan(2);
      const [one, other] = lan.hosts as [LanHost, LanHost];
      const [ada, bob] = await Promise.all([
        joined(one, { name: 'ada' }),
        joined(other, { name: 'bob' }),
      ]);
      await Promise.all([ada.next(event('peer', 'bob')), bob.next(event('peer', 'ada'))]);
      one.unplug();
      await setTimeout(downMs);
      one.replug();
      const back = now();
      const heard = await Promise.all([heardFrom(ada, 'ada', bob), heardFrom(bob, 'bob', ada)]);
      const ms = Math.max(...heard) - back;
      console.log(`link down for ${downMs} ms: they talk ${ms.toFixed(0)} ms after its return`);
      expect(ms).toBeLessThanOrEqual(RETURN_MS);
      if (downMs < SILENCE_MS) expect(ada.printed.some(event('lost', 'bob'))).toBe(false);
    },
  );

  test('talks again after its address was replaced', { timeout: 60_000 }, async () => {
    const lan = await createLan(2);
    const [one, other] = lan.hosts as [LanHost, LanHost];
    const [ada, bob] = await Promise.all([
      joined(one, { name: 'ada' }),
      joined(other, { name: 'bob' }),
    ]);
    await Promise.all([ada.next(event('peer', 'bob')), bob.next(event('peer', 'ada'))]);
    one.changeAddress('10.77.0.99');
    const changed = now();
    const heard = await Promise.all([heardFrom(ada, 'ada', bob), heardFrom(bob, 'bob', ada)]);
    const ms = Math.max(...heard) - changed;
    console.log(`address replaced: they talk ${ms.toFixed(0)} ms after`);
    expect(ms).toBeLessThanOrEqual(RETURN_MS);
    const where = (program: Program): unknown =>
      program.printed.findLast(({ kind }) => kind === 'peer' || kind === 'resume')?.['host'];
    expect([where(ada), where(bob)]).toEqual([other.address(), '10.77.0.99']);
  });
});
