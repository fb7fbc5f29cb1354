import { expect, test, vi } from 'vitest';
import type { LanProcess, Line } from './lan-process.ts';
import type { LanHost } from './lan-host.ts';
import { describeLan } from './lan.ts';

const PORT = 18_300;

function probe(host: LanHost, name: string, options: object = {}): LanProcess {
  const json = JSON.stringify({ port: PORT, ...options });
  return host.spawn('test/network/programs/probe.ts', [name, json]);
}

function heard(text: string, details: Line = {}): (line: Line) => boolean {
  return (line) =>
    line['kind'] === 'datagram' &&
    line['text'] === text &&
    Object.entries(details).every(([key, value]) => line[key] === value);
}

function after(moment: number, fits: (line: Line) => boolean): (line: Line) => boolean {
  return (line) => Number(line['at']) > moment && fits(line);
}

function isWarning(line: Line): boolean {
  return line['kind'] === 'warning';
}

function hasAddress(address: string): (line: Line) => boolean {
  return (line) =>
    line['kind'] === 'interfaces' && (line['addresses'] as string[]).includes(address);
}

describeLan('datagrams between hosts', (createLan) => {
  test('a host with no default route is heard, and the answer comes back to it', async () => {
    const lan = await createLan(2);
    const one = probe(lan.host(0), 'one');
    const other = probe(lan.host(1), 'other');
    await other.next(heard('one', { from: '10.77.0.1' }));
    await one.next(heard('other', { from: '10.77.0.2' }));
    await one.next(heard('answer from other to one', { from: '10.77.0.2' }));
    for (const { printed } of [one, other]) expect(printed.some(isWarning)).toBe(false);
  });

  test('a broadcast to everywhere is heard also by hosts whose subnet is another', async () => {
    const lan = await createLan(2);
    lan.host(1).changeAddress('10.99.0.2');
    const one = probe(lan.host(0), 'one', { reach: 'everywhere' });
    const other = probe(lan.host(1), 'other', { reach: 'everywhere' });
    await other.next(heard('one', { from: '10.77.0.1' }));
    await one.next(heard('other', { from: '10.99.0.2' }));
  });

  test('a host on two LANs is heard on both, from its address on each', async () => {
    const lan = await createLan(2);
    await lan.addLan(lan.hosts);
    const one = probe(lan.host(0), 'one');
    const other = probe(lan.host(1), 'other');
    await other.next(heard('one', { from: '10.77.0.1' }));
    await other.next(heard('one', { from: '10.78.0.1' }));
    await one.next(heard('answer from other to one', { from: '10.78.0.2' }));
    await one.next(heard('answer from other to one', { from: '10.77.0.2' }));
  });

  test('of two LANs, only the one selected by name is spoken on and listened to', async () => {
    const lan = await createLan(2);
    await lan.addLan(lan.hosts);
    const sent = lan.host(0).countDatagramsSent();
    const choosy = probe(lan.host(0), 'choosy', { interfaces: ['eth1'], reach: 'everywhere' });
    const other = probe(lan.host(1), 'other');
    await other.next(heard('choosy', { from: '10.78.0.1' }));
    await choosy.next(heard('other', { from: '10.78.0.2' }));
    await choosy.next(heard('answer from other to choosy', { from: '10.78.0.2' }));
    await choosy.next(heard('other', { from: '10.78.0.2' }));
    expect(choosy.printed.filter((line) => line['from'] === '10.77.0.2')).toEqual([]);
    expect(sent()).toBe(0);
  });

  test.each(['its cable was pulled', 'it was switched off'])(
    'a link that comes back after %s is spoken on again within three seconds',
    async (why) => {
      const lan = await createLan(2);
      const host = lan.host(0);
      const [down, up] = why.includes('cable')
        ? [() => host.unplug(), () => host.replug()]
        : [
            () => host.exec('ip', 'link', 'set', 'eth0', 'down'),
            () => host.exec('ip', 'link', 'set', 'eth0', 'up'),
          ];
      const one = probe(host, 'one');
      const other = probe(lan.host(1), 'other');
      await other.next(heard('one'));
      down();
      await one.next((line) => line['kind'] === 'interfaces' && !hasAddress('10.77.0.1')(line));
      up();
      const back = Date.now();
      const { at } = await other.next(after(back, heard('one')));
      expect(Number(at) - back).toBeLessThan(3000);
      await one.next(after(back, heard('answer from other to one')));
    },
  );

  test('an address that is replaced is spoken from within three seconds', async () => {
    const lan = await createLan(2);
    const one = probe(lan.host(0), 'one');
    const other = probe(lan.host(1), 'other');
    await other.next(heard('one', { from: '10.77.0.1' }));
    lan.host(0).changeAddress('10.77.0.99');
    const changed = Date.now();
    const { at } = await other.next(heard('one', { from: '10.77.0.99' }));
    expect(Number(at) - changed).toBeLessThan(3000);
    await one.next(after(changed, heard('answer from other to one')));
    expect(one.complaints).toBe('');
  });

  test('a program that starts before its interface is there waits for it, and says so', async () => {
    const lan = await createLan(2);
    lan.host(0).unplug();
    const one = probe(lan.host(0), 'one', { interfaces: ['eth0'] });
    const other = probe(lan.host(1), 'other');
    expect(await one.next()).toMatchObject({ kind: 'open', addresses: [] });
    expect(await one.next()).toMatchObject({ kind: 'warning', code: 'ERR_NO_INTERFACE' });
    await other.next(heard('other')); // itself: it listens
    lan.host(0).replug();
    await one.next(hasAddress('10.77.0.1'));
    await other.next(heard('one'));
  });

  test('what is kept to this machine neither leaves it nor hears what comes from outside', async () => {
    const lan = await createLan(2);
    const sent = lan.host(0).countDatagramsSent();
    const local = { interfaces: 'loopback', reach: 'everywhere' };
    const one = probe(lan.host(0), 'one', { ...local, alsoTo: { host: '10.77.0.2', port: PORT } });
    const other = probe(lan.host(0), 'other', local);
    await one.next(heard('answer from other to one', { from: '127.0.0.1' }));
    await other.next(heard('answer from one to other', { from: '127.0.0.1' }));
    // It may have come before the answer.
    const isRefused = (line: Line): boolean =>
      line['kind'] === 'warning' && line['code'] === 'ERR_UNREACHABLE';
    await vi.waitFor(() => expect(one.printed.some(isRefused)).toBe(true), 10_000);
    expect(sent()).toBe(0);

    const outside = probe(lan.host(1), 'outside');
    const witness = probe(lan.host(0), 'witness');
    await witness.next(heard('outside', { from: '10.77.0.2' }));
    await outside.next(heard('witness', { from: '10.77.0.1' }));
    expect(sent()).toBeGreaterThan(0);
    const moment = Date.now();
    await one.next(after(moment, heard('other')));
    await other.next(after(moment, heard('one')));
    for (const { printed } of [one, other]) {
      expect(printed.filter((line) => String(line['from']).startsWith('10.'))).toEqual([]);
    }
    for (const name of ['one', 'other']) {
      expect(outside.printed.some(heard(name))).toBe(false);
    }
  });

  test('lost datagrams and a one-way cut do no harm beyond themselves', async () => {
    const lan = await createLan(2);
    lan.host(1).loseDatagrams(0.5);
    const one = probe(lan.host(0), 'one');
    const other = probe(lan.host(1), 'other');
    await other.next(heard('one'));
    await one.next(heard('other'));
    const heal = lan.cut(lan.host(0), lan.host(1));
    const moment = Date.now();
    await one.next(after(moment + 500, heard('other')));
    expect(other.printed.filter(after(moment + 100, heard('one')))).toEqual([]);
    heal();
    await other.next(after(moment + 500, heard('one')));
  });
});
