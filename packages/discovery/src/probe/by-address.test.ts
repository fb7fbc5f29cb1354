import {
  decodeAcquaintances,
  decodeBeacon,
  encodeAcquaintances,
  encodeBeacon,
  type Acquaintances,
  type Beacon,
  type Endpoint,
  type Millis,
} from '@cablecar/core-protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { BeaconMachine } from '../beacon/beacon-machine.ts';
import type { BeaconInput, BeaconOutput } from '../beacon/beacon-types.ts';
import { BOB, ETH0, STEADY } from '../../../../test/support/discovery/beacon-samples.ts';
import { lifeOf } from '../life.ts';

/** A neighbour, and somebody from another subnet. */
const NEAR: Endpoint = { host: '10.1.0.2', port: 40_000 };
const FAR: Endpoint = { host: '10.9.0.2', port: 40_000 };
let rules: BeaconMachine;

beforeEach(() => {
  rules = new BeaconMachine({ announceIntervalMs: 60_000, udpPort: 18_222, random: STEADY });
  const self = { id: 'aa'.repeat(16), epoch: 'a1'.repeat(8), service: 'chess' };
  const shown = { name: 'Ada, of a name as long as it takes', metadata: {} };
  rules.handle({ kind: 'start', self: { ...self, ...shown }, port: 4000, interfaces: [ETH0] }, 0);
});

/** What goes to one address each, and the names to be resolved. */
function sent(outputs: readonly BeaconOutput[]): string[] {
  return outputs.flatMap((output) => {
    if (output.kind === 'resolve') return [`resolve ${output.probe.endpoint.host}`];
    if (output.kind !== 'send') return [];
    const said = decodeAcquaintances(output.bytes) as Acquaintances | undefined;
    const { host, port } = output.to;
    if (said !== undefined) {
      const about = said.endpoints.map((endpoint) => endpoint.host).join(' and ');
      return [`${host}:${port} hears of ${about}`];
    }
    const { kind, road } = decodeBeacon(output.bytes) as Beacon;
    return [`${kind} to ${host}:${port} by ${road}`];
  });
}

function events(outputs: readonly BeaconOutput[]): string[] {
  return outputs.flatMap((output) => (output.kind === 'event' ? [output.event.kind] : []));
}

function hear(beacon: Partial<Beacon>, from: Endpoint, now: Millis = 0): readonly BeaconOutput[] {
  return rules.handle({ kind: 'datagram', bytes: encodeBeacon({ ...BOB, ...beacon }), from }, now);
}

/** Lets the rules run until a moment; answers what they sent to one address, and when. */
function run(until: Millis): [Millis, string][] {
  const log: [Millis, string][] = [];
  for (let due = rules.nextDeadline(); due !== undefined && due <= until;) {
    for (const words of sent(rules.handle({ kind: 'wake' }, due))) log.push([due, words]);
    due = rules.nextDeadline();
  }
  return log;
}

function seek(road: 'peers' | 'gossip' | 'remembered', endpoint: Endpoint): void {
  rules.handle({ kind: 'seek', probe: { endpoint, road } }, 0);
}

/** There is a link with a peer that was heard there. */
function meet(name: string, beacon: Partial<Beacon>, from: Endpoint, now: Millis = 0): void {
  const id = Buffer.alloc(16, name).toString('hex');
  hear({ ...beacon, id }, from, now);
  rules.handle({ kind: 'linked', life: lifeOf({ id, epoch: BOB.epoch }) }, now);
}

/** A peer names others. */
function names(name: string, endpoints: readonly Endpoint[], from: Endpoint): BeaconInput {
  const id = Buffer.alloc(16, name).toString('hex');
  const { serviceHash: hash, epoch } = BOB;
  const bytes = encodeAcquaintances({ serviceHash: hash, id, epoch, endpoints });
  return { kind: 'datagram', bytes, from };
}

describe('asking at one address (§2.7)', () => {
  test('goes on ever more rarely while nobody answers', () => {
    seek('peers', { host: '10.9.0.2', port: 18_222 });
    expect(run(25_000).map(([at]) => at)).toEqual([0, 1000, 3000, 7000, 15_000, 23_000]);
  });

  test('resolves a name anew each time, and asks at its addresses', () => {
    const probe = { endpoint: { host: 'hub.example', port: 18_222 }, road: 'peers' } as const;
    rules.handle({ kind: 'seek', probe }, 0);
    expect(run(1000)).toEqual([
      [0, 'resolve hub.example'],
      [1000, 'resolve hub.example'],
    ]);
    const addresses = ['10.9.0.2', '10.9.0.3', '10.9.0.4', '10.9.0.5', '10.9.0.6'];
    expect(sent(rules.handle({ kind: 'resolved', probe, addresses }, 1000))).toEqual(
      addresses.slice(0, 4).map((address) => `probe to ${address}:18222 by peers`),
    );
  });

  test('ends where there is a link, and begins at once when it was lost', () => {
    seek('peers', { host: FAR.host, port: 18_222 });
    run(0);
    meet('bob', { kind: 'answer', road: 'peers' }, FAR);
    expect(run(60_000)).toEqual([]);
    const id = Buffer.alloc(16, 'bob').toString('hex');
    rules.handle({ kind: 'unlinked', life: lifeOf({ id, epoch: BOB.epoch }) }, 60_000);
    expect(run(60_000)).toContainEqual([60_000, `probe to ${FAR.host}:18222 by peers`]);
  });

  test('is believed an answer from there alone, and nothing else (§2.4(2)) (T1)', () => {
    seek('peers', { host: FAR.host, port: 18_222 });
    run(0);
    expect(events(hear({ road: 'peers' }, FAR))).toEqual([]);
    expect(events(hear({ kind: 'answer', road: 'peers' }, { ...FAR, host: '10.9.0.3' }))).toEqual(
      [],
    );
    expect(events(hear({ kind: 'answer', road: 'peers' }, FAR, 10_001))).toEqual([]);
    expect(events(hear({ kind: 'answer', road: 'peers' }, FAR, 10_000))).toContain('sighted');
  });
});

describe('being asked from beyond the subnets', () => {
  test('is answered, no longer than the question, and dials nobody (§2.4(2)) (T1)', () => {
    const outputs = hear({ kind: 'probe', road: 'peers' }, FAR);
    expect(sent(outputs)).toEqual([`answer to ${FAR.host}:${FAR.port} by peers`]);
    expect(events(outputs)).toEqual([]);
    expect(rules.roadOf(lifeOf(BOB))).toBe('peers');
    const short = hear(
      { kind: 'probe', road: 'gossip', name: undefined, metadata: undefined },
      FAR,
    );
    expect(short.map((output) => output.kind === 'send' && output.bytes.length)).toEqual([42]);
  });

  test('by a broadcast, or for a port of the system, is not answered', () => {
    expect(hear({ kind: 'probe', road: 'broadcast' }, FAR)).toEqual([]);
    expect(hear({ kind: 'probe', road: 'peers', port: 22 }, FAR)).toEqual([]);
    expect(rules.counts.untrusted).toBe(2);
  });

  test('is answered eight times at once and then once a second, whoever it claims to be (§2.5(2)) (T2)', () => {
    const ids = Array.from({ length: 100 }, (_, n) => n.toString(16).padStart(32, '0'));
    const answers = ids.flatMap((id) => sent(hear({ kind: 'probe', road: 'peers', id }, FAR)));
    expect(answers).toHaveLength(8);
    expect(sent(hear({ kind: 'probe', road: 'peers' }, FAR, 1000))).toHaveLength(1);
  });
});

describe('gossip (§2.7)', () => {
  test('makes who was listed known to all, and all to it', () => {
    meet('near', {}, NEAR);
    seek('peers', { host: FAR.host, port: 18_222 });
    run(0);
    meet('far', { kind: 'answer', road: 'peers' }, FAR);
    const told = run(1000).map(([, words]) => words);
    expect(told).toContain(`${NEAR.host}:${NEAR.port} hears of ${FAR.host}`);
    expect(told).toContain(`${FAR.host}:${FAR.port} hears of ${NEAR.host}`);
  });

  test('is one datagram in twenty seconds where all hear each other’s broadcasts', () => {
    for (const name of ['b', 'c', 'd']) {
      meet(name, {}, { host: `10.1.0.${name.charCodeAt(0)}`, port: 40_000 });
    }
    expect(run(59_000).map(([at]) => at)).toEqual([20_000, 40_000]);
  });

  test('is believed by nobody but a peer with a link, from where it was heard (§2.7(2)) (T2)', () => {
    const named = [{ host: '10.1.0.9', port: 40_000 }];
    rules.handle(names('near', named, NEAR), 0);
    meet('near', {}, NEAR);
    rules.handle(names('near', named, { ...NEAR, host: '10.1.0.3' }), 0);
    expect(rules.counts.untrusted).toBe(2);
    expect(run(5000)).toEqual([]);
    rules.handle(names('near', named, NEAR), 0);
    expect(run(0)).toEqual([[0, 'probe to 10.1.0.9:40000 by gossip']]);
  });

  test('has nobody asked on the internet, on the loopback, or at a port of the system (§2.7(3)) (T2)', () => {
    meet('near', {}, NEAR);
    const hosts = ['8.8.8.8', '172.32.0.1', '100.128.0.1', '127.0.0.1', '224.0.0.1'];
    const named = hosts.map((host) => ({ host, port: 40_000 }));
    const others = [
      { host: '10.9.0.7', port: 53 },
      { host: '10.1.255.255', port: 40_000 },
    ];
    rules.handle(names('near', [...named, ...others], NEAR), 0);
    expect(run(5000)).toEqual([]);
  });

  test('has one victim asked a dozen times in a minute at most, by the shortest beacon (§2.7(4)) (T2)', () => {
    meet('near', {}, NEAR);
    const named = Array.from({ length: 32 }, (_, n) => ({ host: '10.9.0.9', port: 2000 + n }));
    let bytes = 0;
    let asks = 0;
    for (let now = 0; now < 60_000; now += 100) {
      rules.handle(names('near', named, NEAR), now);
      for (const output of rules.handle({ kind: 'wake' }, now)) {
        if (output.kind !== 'send') continue;
        asks++;
        bytes = Math.max(bytes, output.bytes.length);
      }
    }
    expect(asks).toBe(12);
    expect(bytes).toBe(42);
  });

  test('has whoever one peer names asked as often as all, thirty-two at once and two a second (§2.7(4)) (T2)', () => {
    meet('near', {}, NEAR);
    const named = (from: number): Endpoint[] =>
      Array.from({ length: 32 }, (_, n) => ({ host: `10.9.${from}.${n + 1}`, port: 40_000 }));
    for (let lot = 0; lot < 10; lot++) rules.handle(names('near', named(lot), NEAR), 0);
    expect(run(0)).toHaveLength(32);
    for (let lot = 10; lot < 20; lot++) rules.handle(names('near', named(lot), NEAR), 1000);
    const fresh = run(1000).filter(([, words]) => /10\.9\.1\d\./.test(words));
    expect(fresh).toHaveLength(2);
  });
});
