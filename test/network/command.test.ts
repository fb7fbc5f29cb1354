import { expect, test } from 'vitest';
import { startCablecar } from '../support/command.ts';
import type { Program } from '../support/program.ts';
import type { LanHost } from './lan-host.ts';
import { describeLan } from './lan.ts';

const LINES = 10_000;

function on({ inside }: LanHost, words: readonly string[], input?: string): Promise<Program> {
  return startCablecar(words, input === undefined ? { inside } : { inside, input });
}

describeLan('the command on two hosts', (createLan) => {
  test('sends 10,000 JSON lines from a shell to another, each once and in order', async () => {
    const lan = await createLan(2);
    const listener = await on(lan.host(1), ['listen', '--once', '--name', 'bob']);
    const lines = `seq -f '{"n":%.0f}' 1 ${LINES}`;
    const sender = await on(lan.host(0), ['send', '--json', '--timeout', '30'], lines);
    const received: unknown[] = [];
    for await (const { n } of listener) received.push(n);
    expect(received).toEqual(Array.from({ length: LINES }, (_, index) => index + 1));
    expect(await listener.exited).toBe(0);
    expect(await sender.next()).toMatchObject({
      values: LINES,
      peers: [{ name: 'bob', host: lan.host(1).address(), received: true }],
    });
    expect(await sender.exited).toBe(0);
  });

  test('pings a peer by its name, and chats with it', async () => {
    const lan = await createLan(2);
    const bob = await on(lan.host(1), ['chat', '--json', '--name', 'bob']);
    const words = ['ping', 'bob', '--json', '--count', '2', '--interval', '0.1', '--timeout', '30'];
    const ping = await on(lan.host(0), words);
    expect(await ping.next()).toMatchObject({ kind: 'ping', peer: { name: 'bob' } });
    expect(await ping.next(({ kind }) => kind === 'summary')).toHaveProperty('mean');
    expect(await ping.exited).toBe(0);
    const ada = await on(lan.host(0), ['chat', '--json', '--name', 'ada']);
    await ada.next(({ kind }) => kind === 'peer');
    ada.type('hello \u001B[31mbob');
    expect(await bob.next(({ kind }) => kind === 'chat')).toMatchObject({
      peer: { name: 'ada', host: lan.host(0).address() },
      text: 'hello [31mbob',
    });
    ada.signal('SIGINT');
    expect(await ada.exited).toBe(0);
    expect(
      await bob.next(({ kind, peer }) => kind === 'lost' && isNamed(peer, 'ada')),
    ).toMatchObject({ code: 'goodbye' });
  });

  test('measures how fast the two talk', async () => {
    const lan = await createLan(2);
    await on(lan.host(1), ['bench', '--serve', '--name', 'bob']);
    const bench = await on(lan.host(0), [
      'bench',
      'bob',
      '--json',
      '--seconds',
      '0.2',
      '--timeout',
      '30',
    ]);
    expect(await bench.next()).toMatchObject({ kind: 'round-trips', peer: { name: 'bob' } });
    const { perSecond } = await bench.next(({ kind }) => kind === 'small-messages');
    expect(perSecond).toBeGreaterThan(1_000);
    const { megabytesPerSecond } = await bench.next(({ kind }) => kind === 'large-messages');
    expect(megabytesPerSecond).toBeGreaterThan(1);
    expect(await bench.exited).toBe(0);
  });

  test('ends in order by Ctrl-C, and when nobody reads what it prints', async () => {
    const lan = await createLan(2);
    const [ada, bob] = [lan.host(0), lan.host(1)];
    const watching = await on(bob, ['watch', '--json']);
    const sender = await on(ada, ['send', '--receivers', '2', '--name', 'ada']);
    await watching.next(({ kind }) => kind === 'peer');
    sender.signal('SIGINT');
    expect(await sender.exited).toBe(130);
    expect(await watching.next(({ kind }) => kind === 'lost')).toMatchObject({ code: 'goodbye' });
    const inside = [...ada.inside, 'sh', '-c', '"$@" | head -n 1', 'sh'];
    const piped = await startCablecar(['watch', '--json'], { inside });
    await piped.next();
    expect(await piped.exited).toBe(0);
    expect(piped.complaints).toBe('');
  });

  test('says that nobody was found, and ends with 1', async () => {
    const lan = await createLan(1);
    const ping = await on(lan.host(0), ['ping', 'bob', '--timeout', '0.2']);
    expect(await ping.exited).toBe(1);
    expect(ping.complaints).toContain("meeting 'bob' did not happen");
  });
});

function isNamed(peer: unknown, name: string): boolean {
  return (peer as { readonly name?: unknown }).name === name;
}
