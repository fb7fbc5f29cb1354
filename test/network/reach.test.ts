/** By which roads programs find each other where others are closed; see docs/discovery.md. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Program } from '../support/program.ts';
import type { LanHost } from './lan-host.ts';
import { describeLan } from './lan.ts';
import { joined } from './peer-program.ts';

/** What a switch or an access point drops, in the words of nftables. */
const BROADCASTS = 'ether daddr ff:ff:ff:ff:ff:ff meta l4proto udp';
const GROUP = 'ip daddr 239.255.67.67';
const GROUP6 = 'ip6 daddr ff02::4343:4152';

/** By which road a program met another, once it has. */
async function roadTo(program: Program, name: string, timeoutMs = 15_000): Promise<unknown> {
  const met = await program.next((line) => line['kind'] === 'peer' && line['name'] === name, {
    timeoutMs,
  });
  return met['via'];
}

/** Two programs, one on each of two hosts, meet each other by this road. */
async function expectRoad([one, other]: readonly LanHost[], road: string): Promise<void> {
  const ada = await joined(one!, { name: 'ada' });
  const bob = await joined(other!, { name: 'bob' });
  expect(await roadTo(ada, 'bob')).toBe(road);
  expect(await roadTo(bob, 'ada')).toBe(road);
  await Promise.all([ada.stop(), bob.stop()]);
}

describeLan('two programs on one LAN', (createLan) => {
  test.each([
    ['broadcast', 'every road is open', []],
    ['multicast', 'broadcasts are filtered', [BROADCASTS, GROUP6]],
    ['broadcast', 'multicast is filtered', [GROUP, GROUP6]],
    ['multicast6', 'broadcasts and the group of IPv4 are filtered', [BROADCASTS, GROUP]],
  ])('meet by %s where %s', async (road, _, filtered) => {
    const lan = await createLan(2);
    for (const what of filtered) lan.filter(what);
    await expectRoad(lan.hosts, road);
  });
});

/** The burst at a start, and the one when the system has made sure of its IPv6 address. */
const START_MS = 4_000;
/** Two whole rounds of the turns that the roads take. */
const ROUNDS_MS = 12_000;

describeLan('a program that has nothing to say', (createLan) => {
  test('sends a datagram a second on an interface, whether alone or met, by all roads together', async () => {
    const lan = await createLan(2);
    const counts = lan.hosts.map((host) => host.countDatagramsSent());
    const rates = async (): Promise<number[]> => {
      const before = counts.map((count) => count());
      await sleep(ROUNDS_MS);
      return counts.map((count, index) => (count() - before[index]!) / (ROUNDS_MS / 1000));
    };
    const ada = await joined(lan.host(0), { name: 'ada' });
    await sleep(START_MS);
    const [alone] = await rates();
    const bob = await joined(lan.host(1), { name: 'bob' });
    await roadTo(ada, 'bob');
    await sleep(START_MS);
    const met = await rates();
    console.log(
      `datagrams a second: alone ${alone?.toFixed(2)}, met ${met.map((rate) => rate.toFixed(2)).join(' and ')}`,
    );
    for (const rate of [alone!, ...met]) {
      expect(rate).toBeGreaterThan(0.7);
      expect(rate).toBeLessThanOrEqual(1.5);
    }
    await Promise.all([ada.stop(), bob.stop()]);
  });
});

describeLan('two programs whose hosts have link-local addresses of IPv6 alone', (createLan) => {
  test('meet by join()', async () => {
    const lan = await createLan(2);
    for (const host of lan.hosts) host.exec('ip', '-4', 'addr', 'flush', 'dev', 'eth0');
    await expectRoad(lan.hosts, 'multicast6');
  });
});

describeLan('where neither broadcast nor multicast gets through', (createLan) => {
  test('who is listed in `peers` is met, and a third by gossip', async () => {
    const lan = await createLan(3);
    for (const road of [BROADCASTS, GROUP, GROUP6]) lan.filter(road);
    const hub = await joined(lan.host(0), { name: 'hub' });
    const ada = await joined(lan.host(1), { name: 'ada', peers: [lan.host(0).address()] });
    const bob = await joined(lan.host(2), {
      name: 'bob',
      peers: [`${lan.host(0).address()}:18222`],
    });
    expect(await roadTo(ada, 'hub')).toBe('peers');
    expect(await roadTo(bob, 'hub')).toBe('peers');
    expect(await roadTo(ada, 'bob')).toBe('gossip');
    expect(await roadTo(bob, 'ada')).toBe('gossip');
    await Promise.all([hub.stop(), ada.stop(), bob.stop()]);
  });

  test('a peer that was met before is met again after a restart of both', async () => {
    const lan = await createLan(2);
    const folder = await mkdtemp(join(tmpdir(), 'cablecar-reach-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const rememberPeers = join(folder, 'peers.json');
    const before = [
      await joined(lan.host(0), { name: 'ada', rememberPeers }),
      await joined(lan.host(1), { name: 'bob' }),
    ] as const;
    expect(await roadTo(before[0], 'bob')).toBe('broadcast');
    await Promise.all(before.map((program) => program.stop()));
    for (const road of [BROADCASTS, GROUP, GROUP6]) lan.filter(road);
    const bob = await joined(lan.host(1), { name: 'bob' });
    const ada = await joined(lan.host(0), { name: 'ada', rememberPeers });
    expect(await roadTo(ada, 'bob')).toBe('remembered');
    await Promise.all([ada.stop(), bob.stop()]);
  });
});

describeLan('two subnets with a router between them', (createLan) => {
  test('become one mesh when one program lists one of the other subnet', async () => {
    const lan = await createLan(4);
    const [router, ada, bob, cora] = lan.hosts as [LanHost, LanHost, LanHost, LanHost];
    await lan.addLan([router, cora]);
    router.exec('sysctl', '-q', '-w', 'net.ipv4.ip_forward=1');
    cora.exec('ip', 'link', 'set', 'eth0', 'down');
    cora.exec('ip', 'route', 'add', 'default', 'via', router.address(1));
    for (const host of [ada, bob]) {
      host.exec('ip', 'route', 'add', 'default', 'via', router.address(0));
    }
    const atBob = await joined(bob, { name: 'bob' });
    const atCora = await joined(cora, { name: 'cora' });
    const atAda = await joined(ada, { name: 'ada', peers: [cora.address(1)] });
    expect(await roadTo(atAda, 'cora')).toBe('peers');
    expect(await roadTo(atCora, 'ada')).toBe('peers');
    expect(await roadTo(atBob, 'cora')).toBe('gossip');
    expect(await roadTo(atCora, 'bob')).toBe('gossip');
    await Promise.all([atAda.stop(), atBob.stop(), atCora.stop()]);
  });
});
