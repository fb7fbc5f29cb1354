import { expect, test } from 'vitest';
import type { LanProcess } from './lan-process.ts';
import type { LanHost } from './lan-host.ts';
import { describeLan } from './lan.ts';

function probe(host: LanHost, interfaces: unknown = 'all'): LanProcess {
  return host.spawn('test/network/programs/tcp-probe.ts', [JSON.stringify(interfaces)]);
}

async function portOf(listening: LanProcess): Promise<number> {
  return Number((await listening.next((line) => line['kind'] === 'listening'))['port']);
}

describeLan('connections between hosts', (createLan) => {
  test('a connection that the system breaks is reported as lost at both ends', async () => {
    const lan = await createLan(2);
    const dialling = probe(lan.host(0));
    const listening = probe(lan.host(1));
    const port = await portOf(listening);
    dialling.tell({ host: '10.77.0.2', port });
    await dialling.next((line) => line['kind'] === 'echo' && line['text'] === 'hello');
    expect(await listening.next()).toEqual({
      kind: 'accepted',
      from: '10.77.0.1',
      at: '10.77.0.2',
    });
    lan.host(0).killTcp(port);
    const lost = { kind: 'close', code: 'ERR_CONNECTION_LOST' };
    expect(await dialling.next()).toMatchObject(lost);
    expect(await listening.next()).toMatchObject(lost);
  });

  test('what cannot be reached is told apart from what does not answer', async () => {
    const lan = await createLan(2);
    const dialling = probe(lan.host(0));
    await portOf(dialling);
    dialling.tell({ host: '192.168.55.1', port: 7000 });
    expect(await dialling.next()).toEqual({ kind: 'failed', code: 'ERR_UNREACHABLE' });
    dialling.tell({ host: '10.77.0.2', port: 7000 });
    expect(await dialling.next()).toEqual({ kind: 'failed', code: 'ERR_CONNECTION_REFUSED' });
    lan.cut(lan.host(1), lan.host(0));
    dialling.tell({ host: '10.77.0.2', port: 7000, timeoutMs: 300 });
    expect(await dialling.next()).toEqual({ kind: 'failed', code: 'ERR_TIMEOUT' });
  });

  test('a listener on one interface by name or by address closes what comes by another', async () => {
    const lan = await createLan(2);
    await lan.addLan(lan.hosts);
    const dialling = probe(lan.host(0));
    for (const selection of [['eth1'], ['10.78.0.2']]) {
      const listening = probe(lan.host(1), selection);
      const port = await portOf(listening);
      dialling.tell({ host: '10.77.0.2', port });
      await dialling.next((line) => line['kind'] === 'close' && line['from'] === '10.77.0.2');
      dialling.tell({ host: '10.78.0.2', port });
      await dialling.next((line) => line['kind'] === 'echo' && line['text'] === 'hello');
      expect(await listening.next()).toMatchObject({ kind: 'accepted', at: '10.78.0.2' });
    }
  });
});
