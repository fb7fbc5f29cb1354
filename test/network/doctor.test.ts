import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Diagnosis, Finding } from 'cablecar';
import { expect, onTestFinished, test } from 'vitest';
import { startCablecar } from '../support/command.ts';
import { Program } from '../support/program.ts';
import { applyRules, type LanHost } from './lan-host.ts';
import { describeLan, type Lan } from './lan.ts';
import { joined } from './peer-program.ts';

const UDP_PORT = 18_222;
const WAIT = ['--wait', '2.5'];
const SECRET = 'ruby-harvest-7-orbit-lantern';
const OTHER_SECRET = 'canyon-violet-9-teapot-meadow';
/** What a switch drops, in the words of nftables. */
const BROADCASTS = 'ether daddr ff:ff:ff:ff:ff:ff ip protocol udp';
const MULTICASTS = 'ip daddr 224.0.0.0/4';

function on({ inside }: LanHost, words: readonly string[]): Promise<Program> {
  return startCablecar(words, { inside });
}

/** What a doctor on a host reports. */
async function report(host: LanHost, words: readonly string[] = []): Promise<Diagnosis> {
  const doctor = await on(host, ['doctor', '--json', ...words]);
  const diagnosis = (await doctor.next()) as unknown as Diagnosis;
  expect(await doctor.exited).toBe(diagnosis.well ? 0 : 1);
  return diagnosis;
}

/** A program that listens for beacons; resolves when it does, on every interface. */
async function started(host: LanHost, words: readonly string[]): Promise<Program> {
  const program = await on(host, words);
  const cables = host.cables.filter((_, lan) => host.isUp(lan)).length;
  const wanted = words[0] === 'doctor' ? cables + 2 : 1; // one more for the loopback, and one for all
  await until(() => {
    const sockets = host.exec('ss', '-Hlun', `sport = :${UDP_PORT}`).split('\n');
    return sockets.filter((line) => line.includes(`0.0.0.0:${UDP_PORT}`)).length >= wanted;
  });
  return program;
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('it did not come to be in 20 s');
    await sleep(50);
  }
}

/** Doctors on both of two hosts: what the one reports of the other, and the other of the one. */
async function consult(
  [ada, bob]: readonly LanHost[],
  [ours, theirs]: readonly (readonly string[])[] = [],
): Promise<[Diagnosis, Diagnosis]> {
  const stay = ['doctor', '--stay', '--json', '--name', 'bob', ...(theirs ?? [])];
  const there = await started(bob!, stay);
  const here = await report(ada!, [bob!.address(), ...WAIT, '--name', 'ada', ...(ours ?? [])]);
  there.signal('SIGINT');
  return [here, (await there.next()) as unknown as Diagnosis];
}

/** The flags that give a doctor a secret. */
function withSecret(secret: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'cablecar-doctor-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'secret');
  writeFileSync(path, `${secret}\n`, { mode: 0o600 });
  return ['--secret-file', path];
}

/** What was found, apart from where the test itself runs. */
function codes({ findings }: Diagnosis): string[] {
  return findings.map(({ code }) => code).filter((code) => code !== 'IN_CONTAINER');
}

function find({ findings }: Diagnosis, wanted: string): Finding {
  const found = findings.find(({ code }) => code === wanted);
  if (found === undefined) throw new Error(`no ${wanted} in ${JSON.stringify(findings)}`);
  return found;
}

/** Drops something in both directions. */
function cutBoth(lan: Lan, what?: string): void {
  const [ada, bob] = [lan.host(0), lan.host(1)];
  const options = what === undefined ? {} : { what };
  lan.cut(ada, bob, options);
  lan.cut(bob, ada, options);
}

describeLan('the doctor', (createLan) => {
  test('finds two hosts on a healthy network well', async () => {
    const lan = await createLan(2);
    const both = await consult(lan.hosts);
    for (const diagnosis of both) {
      expect(codes(diagnosis)).toEqual([]);
      expect(diagnosis.well).toBe(true);
      expect(diagnosis.evidence.interfaces.map(({ heardItself }) => heardItself)).toEqual([
        true,
        true,
      ]);
    }
    expect(both[0].evidence.hosts).toMatchObject([
      { address: lan.host(1).address(), name: 'bob', broadcast: true, dial: 'answered' },
    ]);
  });

  test('finds two hosts on two LANs well', async () => {
    const lan = await createLan(2);
    await lan.addLan(lan.hosts);
    for (const diagnosis of await consult(lan.hosts)) expect(codes(diagnosis)).toEqual([]);
  });

  test('says that it heard nobody, on a host that is well', async () => {
    const lan = await createLan(1);
    const diagnosis = await report(lan.host(0), ['--wait', '0.5']);
    expect(codes(diagnosis)).toEqual(['NOBODY_HEARD']);
    expect(diagnosis.well).toBe(true);
  });

  test('finds a firewall on its own machine that drops UDP, and blames nobody else', async () => {
    const lan = await createLan(2);
    applyRules(lan.host(0).namespace, 'inet', 'deaf', [
      'type filter hook input priority 0',
      'iifname "eth0" meta l4proto udp drop',
    ]);
    const [here] = await consult(lan.hosts);
    expect(codes(here)).toEqual(['FIREWALL_UDP_HERE']);
    expect(find(here, 'FIREWALL_UDP_HERE').where).toBe('eth0');
  });

  test('finds a firewall that lets no beacon out', async () => {
    const lan = await createLan(2);
    applyRules(lan.host(0).namespace, 'inet', 'mute', [
      'type filter hook output priority 0',
      'oifname "eth0" meta l4proto udp drop',
    ]);
    const [here] = await consult(lan.hosts);
    expect(codes(here)).toEqual(['SEND_FORBIDDEN']);
    expect(find(here, 'SEND_FORBIDDEN').seen).toContain('EPERM');
  });

  test('tells UDP that is blocked between the two', async () => {
    const lan = await createLan(2);
    cutBoth(lan, 'ip protocol udp');
    const [here, there] = await consult(lan.hosts);
    expect(codes(here)).toEqual(['UDP_BLOCKED']);
    expect(codes(there)).toEqual(['UDP_BLOCKED']);
    expect(find(here, 'UDP_BLOCKED').where).toBe(lan.host(1).address());
  });

  test('tells UDP that passes one way only', async () => {
    const lan = await createLan(2);
    lan.cut(lan.host(0), lan.host(1), { what: 'ip protocol udp' });
    const [here] = await consult(lan.hosts);
    expect(codes(here)).toEqual(['UDP_ONE_WAY']);
  });

  test('tells TCP that is blocked between the two', async () => {
    const lan = await createLan(2);
    cutBoth(lan, 'ip protocol tcp');
    const [here, there] = await consult(lan.hosts);
    expect(codes(here)).toEqual(['TCP_BLOCKED']);
    expect(codes(there)).toEqual(['TCP_BLOCKED']);
  });

  test('tells TCP that is blocked to a program where no doctor is', async () => {
    const lan = await createLan(2);
    cutBoth(lan, 'ip protocol tcp');
    const listener = await started(lan.host(1), ['listen', '--name', 'bob']);
    const diagnosis = await report(lan.host(0), WAIT);
    expect(codes(diagnosis)).toEqual(['TCP_BLOCKED']);
    expect(diagnosis.evidence.programs).toMatchObject([{ name: 'bob', kind: 'ours' }]);
    await listener.stop();
  });

  test('tells TCP that connects one way only', async () => {
    const lan = await createLan(2);
    lan.cut(lan.host(0), lan.host(1), { what: 'tcp flags & (syn | ack) == syn' });
    const [here] = await consult(lan.hosts);
    expect(codes(here)).toEqual(['TCP_ONE_WAY']);
    expect(here.well).toBe(true);
  });

  test.each([
    ['broadcasts', [BROADCASTS], 'BROADCAST_FILTERED', true],
    ['multicast', [MULTICASTS], 'MULTICAST_FILTERED', true],
    ['both', [BROADCASTS, MULTICASTS], 'DISCOVERY_FILTERED', false],
  ] as const)('tells a network that filters %s', async (_, filtered, code, isWell) => {
    const lan = await createLan(2);
    for (const what of filtered) lan.filter(what);
    for (const diagnosis of await consult(lan.hosts)) {
      expect(codes(diagnosis)).toEqual([code]);
      expect(diagnosis.well).toBe(isWell);
    }
  });

  test('tells clients that are kept apart from a host that drops everything', async () => {
    const lan = await createLan(2);
    const [ada, bob] = [lan.host(0), lan.host(1)];
    applyRules(bob.namespace, 'inet', 'silent', [
      'type filter hook input priority 0',
      'iifname "eth0" drop',
    ]);
    expect(codes(await report(ada, [bob.address(), ...WAIT]))).toEqual(['HOST_SILENT']);
    cutBoth(lan);
    ada.exec('ip', 'neigh', 'flush', 'all');
    expect(codes(await report(ada, [bob.address(), ...WAIT]))).toEqual(['CLIENT_ISOLATION']);
  });

  test('tells that no doctor is on the other machine', async () => {
    const lan = await createLan(2);
    const diagnosis = await report(lan.host(0), [lan.host(1).address(), ...WAIT]);
    expect(codes(diagnosis)).toEqual(['NOTHING_LISTENS']);
  });

  test('tells that there is no route', async () => {
    const lan = await createLan(2);
    lan.host(0).exec('ip', 'route', 'flush', 'table', 'main');
    const [here] = await consult(lan.hosts);
    expect(codes(here)).toEqual(['NO_ROUTE']);
  });

  test('tells another subnet behind a router', async () => {
    const lan = await createLan(3);
    const [ada, bob, router] = lan.hosts as [LanHost, LanHost, LanHost];
    await lan.addLan([bob, router]);
    router.exec('sysctl', '-q', '-w', 'net.ipv4.ip_forward=1');
    bob.exec('ip', 'link', 'set', 'eth0', 'down');
    ada.exec('ip', 'route', 'add', 'default', 'via', router.address(0));
    bob.exec('ip', 'route', 'add', 'default', 'via', router.address(1));
    const there = await started(bob, ['doctor', '--stay', '--json']);
    expect(there.complaints).toContain(`at ${bob.address(1)} until Ctrl-C`);
    const diagnosis = await report(ada, [bob.address(1), ...WAIT]);
    expect(codes(diagnosis)).toEqual(['OTHER_SUBNET']);
    expect(diagnosis.evidence.hosts).toMatchObject([{ dial: 'answered', broadcast: false }]);
    await there.stop();
  });

  test('tells subnet masks that differ', async () => {
    const lan = await createLan(2);
    const bob = lan.host(1);
    bob.exec('ip', 'addr', 'flush', 'dev', 'eth0');
    bob.exec('ip', 'addr', 'add', `${bob.address()}/24`, 'brd', '+', 'dev', 'eth0');
    const [here, there] = await consult(lan.hosts);
    expect(codes(here)).toEqual(['WRONG_NETMASK']);
    expect(codes(there)).toEqual(['WRONG_NETMASK']);
    expect(find(here, 'WRONG_NETMASK').seen).toContain(`${bob.address()}/24`);
  });

  test('tells packets of full size that are lost', async () => {
    const lan = await createLan(2);
    cutBoth(lan, 'meta length > 700');
    const [here] = await consult(lan.hosts);
    expect(codes(here)).toEqual(['MTU_TOO_SMALL']);
  });

  test('names the program that has the port to itself', async () => {
    const lan = await createLan(1);
    const script = `require('dgram').createSocket('udp4').bind(${UDP_PORT}, () => console.log('1'))`;
    const thief = new Program('thief', [...lan.host(0).inside, process.execPath, '-e', script]);
    await thief.next();
    const diagnosis = await report(lan.host(0), WAIT);
    expect(codes(diagnosis)).toEqual(['UDP_PORT_IN_USE']);
    expect(find(diagnosis, 'UDP_PORT_IN_USE').seen).toContain(`(pid ${thief.pid})`);
    await thief.stop();
  });

  test('tells a program of another version', async () => {
    const lan = await createLan(2);
    const beacon = `Buffer.from('434341520201'.padEnd(88, '0'), 'hex')`;
    const script = `const s = require('dgram').createSocket('udp4');
      s.bind(() => { s.setBroadcast(true);
        setInterval(() => s.send(${beacon}, ${UDP_PORT}, '10.77.255.255'), 100); });`;
    const newer = new Program('newer', [...lan.host(1).inside, process.execPath, '-e', script]);
    const diagnosis = await report(lan.host(0), WAIT);
    expect(codes(diagnosis)).toEqual(['OTHER_VERSION']);
    expect(find(diagnosis, 'OTHER_VERSION')).toMatchObject({
      where: lan.host(1).address(),
      seen: expect.stringContaining('version 2') as string,
    });
    await newer.stop();
  });

  test('tells programs whose secret is another one, or unknown', async () => {
    const lan = await createLan(2);
    const [ada, bob] = lan.hosts as [LanHost, LanHost];
    const program = await joined(bob, { name: 'bob', secret: SECRET });
    const service = ['--service', 'default'];
    const other = await report(ada, [...WAIT, ...service, ...withSecret(OTHER_SECRET)]);
    expect(codes(other)).toEqual(['SECRET_DIFFERS']);
    expect(find(other, 'SECRET_DIFFERS').where).toBe(bob.address());
    expect(JSON.stringify(other)).not.toContain(OTHER_SECRET);
    const none = await report(ada, [...WAIT, ...service]);
    expect(codes(none)).toEqual(['SECRET_UNKNOWN']);
    const same = await report(ada, [...WAIT, ...service, ...withSecret(SECRET)]);
    expect(codes(same)).toEqual([]);
    expect(same.evidence.programs).toMatchObject([{ name: 'bob', kind: 'ours', isSealed: true }]);
    await program.stop();
  });

  test('tells secrets that differ between two doctors, and those that do not', async () => {
    const lan = await createLan(2);
    const differing = [withSecret(SECRET), withSecret(OTHER_SECRET)];
    for (const diagnosis of await consult(lan.hosts, differing)) {
      expect(codes(diagnosis)).toEqual(['SECRET_DIFFERS']);
    }
    for (const diagnosis of await consult(lan.hosts, [withSecret(SECRET), withSecret(SECRET)])) {
      expect(codes(diagnosis)).toEqual([]);
    }
  });

  test('tells two programs of one name, and programs of another service', async () => {
    const lan = await createLan(3);
    const [ada, bob, eve] = lan.hosts as [LanHost, LanHost, LanHost];
    const words = ['listen', '--service', 'chess', '--name', 'ann'];
    const listeners = [await started(bob, words), await started(eve, words)];
    const asked = await report(ada, ['--service', 'chess', ...WAIT]);
    expect(codes(asked)).toEqual(['DUPLICATE_NAME']);
    expect(asked.well).toBe(true);
    const other = await report(ada, ['--service', 'go', ...WAIT]);
    expect(codes(other)).toEqual(['OTHER_SERVICE', 'DUPLICATE_NAME']);
    await Promise.all(listeners.map((listener) => listener.stop()));
  });

  test('tells an address that changed meanwhile', async () => {
    const lan = await createLan(1);
    const host = lan.host(0);
    // The system and the watch take up to a second each to tell.
    const doctor = await started(host, ['doctor', '--wait', '4', '--json']);
    host.changeAddress('10.77.9.9');
    const diagnosis = (await doctor.next()) as unknown as Diagnosis;
    expect(find(diagnosis, 'ADDRESS_CHANGED').seen).toContain('now has 10.77.9.9/16');
  });

  test('tells that there is no network', async () => {
    const lan = await createLan(1);
    lan.host(0).exec('ip', 'link', 'set', 'eth0', 'down');
    expect(codes(await report(lan.host(0), WAIT))).toEqual(['NO_NETWORK']);
  });
});
