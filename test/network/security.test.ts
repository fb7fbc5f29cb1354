import { setTimeout as sleep } from 'node:timers/promises';
import { encodeBeacon, serviceHash, type Beacon } from '@cablecar/core-protocol';
import { expect, test } from 'vitest';
import type { Line } from '../support/program.ts';
import type { LanHost } from './lan-host.ts';
import { describeLan, type Lan } from './lan.ts';
import { joined, type PeerOptions } from './peer-program.ts';
import { Tap, type Heard } from './tap.ts';

const SECRET = 'ruby-harvest-7-orbit-lantern';
const UDP_PORT = 18_222;
const WORDS = {
  name: 'name-that-is-looked-for',
  metadata: 'metadata-that-is-looked-for',
  text: 'text-that-is-looked-for',
} as const;

/** Two programs meet and talk where a third host hears everything. */
async function overheard(lan: Lan, options: Partial<PeerOptions>): Promise<Heard> {
  lan.becomeHub();
  const [here, there, elsewhere] = lan.hosts as [LanHost, LanHost, LanHost];
  await using tap = await Tap.on(elsewhere);
  const ada = await joined(here, {
    name: WORDS.name,
    metadata: { about: WORDS.metadata },
    service: 'service-that-is-looked-for',
    ...options,
  });
  const bob = await joined(there, {
    name: 'bob',
    service: 'service-that-is-looked-for',
    ...options,
  });
  await ada.next(({ kind }) => kind === 'peer');
  ada.tell({ do: 'say', text: WORDS.text });
  await bob.next(({ kind, text }) => kind === 'heard' && text === WORDS.text);
  ada.tell({ do: 'close' });
  await ada.next(({ kind }) => kind === 'closed');
  return await tap.heard(); // before the tap is gone
}

/** Which of the words were heard. */
function understood({ bytes }: Heard): string[] {
  return Object.entries(WORDS).flatMap(([what, word]) => (bytes.includes(word) ? [what] : []));
}

describeLan('somebody who hears everything on the LAN', (createLan) => {
  test('understands neither message nor name nor metadata of those with a secret (T19)', async () => {
    const heard = await overheard(await createLan(3), { secret: SECRET });
    expect(heard.opened.length).toBeGreaterThan(0);
    expect([understood(heard), heard.bytes.includes(SECRET)]).toEqual([[], false]);
    expect(heard.bytes.includes('service-that')).toBe(false);
    expect(heard.bytes.includes('CCAS')).toBe(true); // that somebody uses cablecar is to be seen
  });

  test('understands the beacons of those without one, and no message', async () => {
    const heard = await overheard(await createLan(3), {});
    expect(understood(heard)).toEqual(['name', 'metadata']);
  });

  test('understands everything where nothing is encrypted, and so would have above', async () => {
    const heard = await overheard(await createLan(3), { security: 'none' });
    expect(understood(heard)).toEqual(['name', 'metadata', 'text']);
  });
});

describeLan('beacons that nobody meant', (createLan) => {
  test('lead to no dial of an address that did not send, and of one that did to few (T1, T2)', async () => {
    const lan = await createLan(4);
    lan.becomeHub();
    const [here, there, elsewhere, silent] = lan.hosts as [LanHost, LanHost, LanHost, LanHost];
    await using tap = await Tap.on(elsewhere);
    const ada = await joined(here, { name: 'ada' });
    const { id } = ada.printed.find(({ kind }) => kind === 'joined') as { id?: string };
    const whole = (change: Partial<Beacon> = {}): Buffer =>
      encodeBeacon({
        kind: 'announce',
        serviceHash: serviceHash('default'),
        id: '77'.repeat(16),
        epoch: '00'.repeat(8),
        port: 5_000,
        // What is inside is believed for nothing: no address that stands there is dialled.
        name: silent.address(),
        metadata: { host: silent.address(), address: silent.address() },
        ...change,
      });
    const victim = here.address();
    const own = elsewhere.address();
    for (let round = 0; round < 50; round++) {
      const number = round.toString(16).padStart(32, '0');
      tap.send(whole({ id: number }), own, victim, UDP_PORT);
      tap.send(whole({ id: number }).subarray(0, 30 + round), own, victim, UDP_PORT);
      tap.send(whole({ serviceHash: serviceHash('another') }), own, victim, UDP_PORT);
      tap.send(whole({ port: 22 }), own, victim, UDP_PORT);
      tap.send(whole({ id: id ?? '' }), own, victim, UDP_PORT);
      tap.send(whole({ id: `9${number.slice(1)}` }), '192.0.2.7', victim, UDP_PORT); // off the link
    }
    const bob = await joined(there, { name: 'bob' }); // and an honest one is found all the same
    await bob.next(({ kind, name }) => kind === 'peer' && name === 'ada');
    await sleep(1_000); // time in which more might be dialled
    const { opened } = await tap.heard();
    const dialled = new Set(opened.flatMap(([from, to]) => (from === victim ? [to] : [])));
    dialled.delete(there.address());
    expect([...dialled]).toEqual([own]);
  });
});

describeLan('programs that differ in whether they encrypt', (createLan) => {
  test('do not meet, and both know why within 2 s (T22)', async () => {
    const lan = await createLan(2);
    const [here, there] = lan.hosts as [LanHost, LanHost];
    const ada = await joined(here, { name: 'ada' });
    const bob = await joined(there, { name: 'bob', security: 'none' });
    const began = performance.now();
    const isTold = ({ kind, code }: Line): boolean =>
      kind === 'warning' && code === 'ERR_SECURITY_MODE';
    await Promise.all([ada.next(isTold), bob.next(isTold)]);
    expect(performance.now() - began).toBeLessThanOrEqual(2_000);
    for (const { printed } of [ada, bob])
      expect(printed.filter(({ kind }) => kind === 'peer')).toEqual([]);
  });
});
