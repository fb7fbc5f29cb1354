import { expect, test } from 'vitest';
import type { PythonPeer } from '../python/python-peer.ts';
import { startPython } from '../python/start-python.ts';
import { ClassicProgram } from './classic-program.ts';
import type { LanHost } from './lan-host.ts';
import { describeLan } from './lan.ts';

const RUNS = 20;
const ORDERS = ['Python', 'TypeScript'] as const;
const WIRES = ['json', 'byte'] as const;

/** A pair of hosts that meets over and over. */
interface Pair {
  readonly wire: (typeof WIRES)[number];
  readonly first: (typeof ORDERS)[number];
  readonly here: LanHost;
  readonly there: LanHost;
  readonly ports: { readonly udpPort: number; readonly tcpPort: number } | undefined;
}

/** What a Python program has received so far. */
function heardBy(python: PythonPeer): readonly unknown[] {
  return python.events.filter(({ event }) => event === 'message').map(({ name }) => name);
}

/** Gives how often they met, with everything as it should be. */
async function meetings({ wire, first, here, there, ports }: Pair): Promise<number> {
  const ours = await ClassicProgram.start(here, wire);
  const id = there.address();
  const args = ['broadcast', '--wire', wire, '--identify', '--send', '3', '--expect', '2'];
  if (ports) args.push('--udp-port', `${ports.udpPort}`, '--tcp-port', `${ports.tcpPort}`);
  for (let run = 1; run <= RUNS; run++) {
    if (first === 'TypeScript') await ours.join(ports);
    const python = startPython(there, args);
    await python.waitFor('announcing');
    if (first === 'Python') await ours.join(ports);
    expect(await ours.next('peer')).toMatchObject({ id, name: id });
    ours.tell('identify');
    ours.tell('say', { text: 'cafe' });
    const { username, hostname, from } = await ours.next('message', { type: 'MsgIdentify' });
    expect(from).toBe(`${String(username)}@${String(hostname)}`);
    await python.waitFor('end');
    expect(heardBy(python)).toEqual(['MsgIdentify', wire === 'json' ? 'Chat' : 'Raw']);
    await ours.next('lost', { code: 'goodbye' });
    ours.tell('report');
    const report = { received: 3, isInOrder: true, messagesSkipped: 0 };
    expect(await ours.next('report')).toMatchObject(report);
    await ours.close();
    await python.stop();
    expect(ours.all('peer')).toHaveLength(run);
    expect(ours.all('lost')).toHaveLength(run);
    expect(ours.all('warning')).toEqual([]);
  }
  return RUNS;
}

describeLan('programs on a classic wire and on the Python library', (createLan) => {
  test(
    `meet and talk in ${RUNS} of ${RUNS} runs, whichever begins, in JSON and in bytes`,
    { timeout: 120_000 },
    async () => {
      const cases = WIRES.flatMap((wire) => ORDERS.map((first) => ({ wire, first })));
      const lan = await createLan(2 * cases.length);
      const pairs = cases.map((what, at) => ({
        ...what,
        here: lan.host(2 * at),
        there: lan.host(2 * at + 1),
        // The first pair uses the ports that are the default; the others should not meet it.
        ports: at === 0 ? undefined : { udpPort: 8300 + 2 * at, tcpPort: 8301 + 2 * at },
      }));
      expect(await Promise.all(pairs.map(meetings))).toEqual(cases.map(() => RUNS));
    },
  );

  test('three of each on one LAN are a full mesh, each pair of ours and theirs linked once', async () => {
    const lan = await createLan(6);
    const [a, b, c, ...others] = lan.hosts as [LanHost, LanHost, LanHost];
    const starting = [a, b, c].map((host) => ClassicProgram.start(host, 'json'));
    const ours = await Promise.all(starting);
    const theirs = others.map((host: LanHost) => startPython(host, ['broadcast', '--identify']));
    await Promise.all(ours.map((program) => program.join()));
    for (const program of ours) await program.gather('peer', 5);
    for (const program of ours) program.tell('identify');
    for (const [at, program] of ours.entries()) {
      const addresses = lan.hosts.map((host) => host.address()).filter((_, host) => host !== at);
      const named = await program.gather('update', 5);
      expect(named.map(({ id }) => id).toSorted(byText)).toEqual(addresses);
      expect(
        program
          .all('peer')
          .map(({ id }) => id)
          .toSorted(byText),
      ).toEqual(addresses);
      expect(program.all('lost')).toEqual([]);
      expect(program.all('warning')).toEqual([]);
    }
    for (const [at, python] of theirs.entries()) {
      const own = lan.host(3 + at).address();
      for (const host of lan.hosts.filter((one) => one.address() !== own)) {
        await python.waitFor('connected', ({ address }) => address === host.address());
      }
      await python.waitFor('message', ({ name }) => name === 'MsgIdentify');
      for (const host of [a, b, c]) {
        const sockets = python.events.filter(
          ({ event, address }) => event === 'connected' && address === host.address(),
        );
        expect(sockets).toHaveLength(1);
      }
    }
  });

  test('are talked with by events, by a loop and frame by frame', async () => {
    const styles = ['events', 'loop', 'frames'] as const;
    const lan = await createLan(2 * styles.length);
    const talk = async (style: (typeof styles)[number], at: number): Promise<void> => {
      const [here, there] = [lan.host(2 * at), lan.host(2 * at + 1)];
      const [udpPort, tcpPort] = [8300 + 2 * at, 8301 + 2 * at];
      const ours = await ClassicProgram.start(here, 'json', style);
      await ours.join({ udpPort, tcpPort });
      const python = startPython(there, [
        ...['broadcast', '--udp-port', `${udpPort}`, '--tcp-port', `${tcpPort}`, '--quiet'],
        ...['--send', '2000', '--expect', '2000', '--linger', '0.5'],
      ]);
      await ours.next('peer');
      ours.tell('send', { count: 2_000, size: 20 });
      expect(await python.waitFor('done')).toMatchObject({ received: 2_000 });
      await ours.next('lost', { code: 'goodbye' });
      ours.tell('report');
      expect(await ours.next('report')).toMatchObject({ received: 2_000, isInOrder: true });
    };
    await Promise.all(styles.map(talk));
  });

  test('one to one: after the first link neither looks for others', async () => {
    const lan = await createLan(3);
    const ours = await ClassicProgram.joined(lan.host(0), 'json', { once: true });
    const python = startPython(lan.host(1), ['broadcast', '--once', '--identify', '--echo']);
    const { id } = await ours.next('peer');
    expect(id).toBe(lan.host(1).address());
    const late = startPython(lan.host(2), ['broadcast', '--seconds', '3']);
    await ours.next('update', { id });
    ours.tell('identify');
    await python.waitFor('message');
    await late.waitFor('end');
    expect(late.events.filter(({ event }) => event === 'connected')).toEqual([]);
    expect(heardBy(python)).toEqual(['MsgIdentify']);
    expect(ours.all('peer')).toHaveLength(1);
  });

  test('on every interface, each network with its own peers', async () => {
    const lan = await createLan(3);
    const [both, left, right] = lan.hosts as [LanHost, LanHost, LanHost];
    await lan.addLan([both, right]);
    right.unplug(0);
    const ours = await ClassicProgram.joined(both);
    const theirs = [startPython(left, ['broadcast']), startPython(right, ['broadcast'], 1)];
    const met = await ours.gather('peer', 2);
    expect(met.map(({ id }) => id).toSorted(byText)).toEqual([left.address(), right.address(1)]);
    ours.tell('identify');
    for (const python of theirs) await python.waitFor('message');
  });

  test.each(WIRES)('directly, whichever waits: %s', async (wire) => {
    const lan = await createLan(2);
    const [here, there] = lan.hosts as [LanHost, LanHost];
    const ours = await ClassicProgram.start(here, wire);
    const talk = [
      '--wire',
      wire,
      '--identify',
      '--send',
      '50',
      '--expect',
      '2',
      '--tcp-port',
      '8223',
    ];
    const exchange = async (python: PythonPeer, dialledBy: string): Promise<void> => {
      const id = there.address();
      expect(await ours.next('peer')).toMatchObject({ id, dialledBy });
      ours.tell('identify');
      ours.tell('say', { text: 'cafe' });
      await python.waitFor('end');
      expect(heardBy(python)).toHaveLength(2);
      await ours.next('message', { type: 'MsgIdentify' });
      await ours.next('lost', { id, code: 'goodbye' });
      ours.tell('report');
      expect(await ours.next('report')).toMatchObject({ received: 50, isInOrder: true });
      await python.stop();
    };
    ours.tell('dial', { host: there.address(), port: 8223 });
    await exchange(startPython(there, ['server', '--host', there.address(), ...talk]), 'us');
    ours.tell('serve', { port: 8223 });
    await exchange(startPython(there, ['client', '--host', here.address(), ...talk]), 'them');
  });
});

function byText(one: unknown, other: unknown): number {
  return String(one).localeCompare(String(other));
}
