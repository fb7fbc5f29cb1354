import { expect, test } from 'vitest';
import { startPython } from '../python/start-python.ts';
import { ClassicProgram } from './classic-program.ts';
import type { LanHost } from './lan-host.ts';
import { describeLan, type Lan } from './lan.ts';

/** What Python programs do with the sockets that the library hands them; see peer.py. */
const STYLES = ['all', 'first', 'last', 'table'] as const;

/** One pair of hosts among others, with ports of its own. */
interface Pair {
  readonly use: (typeof STYLES)[number];
  readonly at: number;
  /** Whether our program's host is the one with the smaller address. */
  readonly isFirst: boolean;
  readonly isCrossing: boolean;
}

/** Has our program and one on the library meet and talk: everything arrives, in order, and once. */
async function talk(lan: Lan, { use, at, isFirst, isCrossing }: Pair): Promise<void> {
  const [here, there] = [
    lan.host(2 * at + (isFirst ? 0 : 1)),
    lan.host(2 * at + (isFirst ? 1 : 0)),
  ];
  const [udpPort, tcpPort] = [8300 + 2 * at, 8301 + 2 * at];
  const ours = await ClassicProgram.joined(here, 'json', { udpPort, tcpPort, isCrossing });
  const python = startPython(there, [
    ...['broadcast', '--udp-port', `${udpPort}`, '--tcp-port', `${tcpPort}`],
    ...['--use', use, '--connect-seconds', '6', '--identify', '--send', '20'],
    ...['--expect', '2', '--linger', '1'],
  ]);
  await ours.next('peer', { dialledBy: isCrossing ? 'us' : 'them' });
  ours.tell('identify');
  ours.tell('say', { text: 'hello' });
  await python.waitFor('end');
  const heard = python.events.filter(({ event }) => event === 'message');
  expect(heard.map(({ name }) => name)).toEqual(['MsgIdentify', 'Chat']);
  await ours.next('lost', { code: 'goodbye', undelivered: 0 });
  ours.tell('report');
  // Two of the programs say everything once on each socket.
  const times = isCrossing && (use === 'all' || use === 'last') ? 2 : 1;
  const received = { messagesReceived: times * 21, messagesSkipped: 0 };
  expect(await ours.next('report')).toMatchObject(received);
  expect(ours.all('peer')).toHaveLength(1);
  expect(ours.all('lost')).toHaveLength(1);
}

describeLan('programs on a classic wire and on the Python library', (createLan) => {
  test('talk whichever socket the Python program uses', { timeout: 60_000 }, async () => {
    const lan = await createLan(2 * STYLES.length);
    await Promise.all(
      STYLES.map((use, at) => talk(lan, { use, at, isCrossing: false, isFirst: true })),
    );
  });

  // Whoever has the larger address would rather use its own connection, so the two orders guess otherwise.
  test('talk also when both have dialled, and lose nothing', { timeout: 60_000 }, async () => {
    const cases = STYLES.flatMap((use) => [true, false].map((isFirst) => ({ use, isFirst })));
    const lan = await createLan(2 * cases.length);
    await Promise.all(cases.map((what, at) => talk(lan, { ...what, at, isCrossing: true })));
  });

  test('meet again when the Python program left and came back, however it left', async () => {
    const lan = await createLan(2);
    const ours = await ClassicProgram.joined(lan.host(0));
    for (const leave of ['stop', 'kill', 'vanish'] as const) {
      const args = leave === 'vanish' ? ['--vanish'] : [];
      const python = startPython(lan.host(1), ['broadcast', '--identify', ...args]);
      await ours.next('peer');
      await ours.next('message', { type: 'MsgIdentify' });
      if (leave === 'kill') await python.kill();
      else await python.stop();
      await ours.next('lost');
    }
    expect(ours.all('peer')).toHaveLength(3);
    expect(ours.all('lost')).toHaveLength(3);
  });

  test('meet again when our program begins anew and the Python one still has it in its table', async () => {
    const lan = await createLan(2);
    const ours = await ClassicProgram.joined(lan.host(0));
    const python = startPython(lan.host(1), ['broadcast', '--echo']);
    await ours.next('peer', { dialledBy: 'them' });
    expect(await ours.close()).toBeLessThan(1_500);
    await ours.join();
    await ours.next('peer', { dialledBy: 'us' });
    ours.tell('say', { text: 'I am back' });
    await ours.next('message', { text: 'I am back' });
    const sockets = python.events.filter(({ event }) => event === 'connected');
    expect(sockets).toHaveLength(2);
  });

  test('part at once so that even a silent Python program notices', async () => {
    const lan = await createLan(2);
    const ours = await ClassicProgram.joined(lan.host(0));
    const python = startPython(lan.host(1), ['broadcast']);
    await ours.next('peer');
    ours.tell('destroy');
    await ours.next('lost', { code: 'closed' });
    await python.waitFor('closed');
    await ours.next('peer', { dialledBy: 'us' }); // it is still there
  });

  test('do not wait for one another when a third host does not answer', async () => {
    const lan = await createLan(3);
    const [here, there, dead] = lan.hosts as [LanHost, LanHost, LanHost];
    const python = startPython(there, ['broadcast', '--identify']);
    const ours = await ClassicProgram.start(here, 'json');
    dead.exec(
      'nft',
      'add table ip deaf; add chain ip deaf in { type filter hook input priority 0; policy drop; }',
    );
    const forged = startPython(dead, ['broadcast']);
    await forged.waitFor('announcing');
    await ours.join();
    await ours.next('peer', { id: there.address() });
    ours.tell('identify');
    await python.waitFor('message');
  });
});
