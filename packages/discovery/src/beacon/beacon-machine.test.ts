import {
  decodeBeacon,
  encodeBeacon,
  serviceHash,
  type Beacon,
  type Endpoint,
  type Millis,
  type NetworkInterface,
} from '@cablecar/core-protocol';
import { fc, test as prop } from '@fast-check/vitest';
import { beforeEach, describe, expect, test } from 'vitest';
import { BOB, ETH0, STEADY } from '../../../../test/support/discovery/beacon-samples.ts';
import { lifeOf, type Life } from '../life.ts';
import type { Self } from '../self.ts';
import { BeaconMachine } from './beacon-machine.ts';
import { BEACON_TRANSITIONS, type BeaconState } from './beacon-transitions.ts';
import type { BeaconEvent, BeaconInput, BeaconOutput } from './beacon-types.ts';

const SELF: Self = {
  id: 'aa'.repeat(16),
  epoch: 'a1'.repeat(8),
  service: 'chess',
  name: 'Ada',
  metadata: { level: 3 },
};
const NETWORK6: NetworkInterface = {
  ...ETH0,
  address: 'fe80::1%eth0',
  netmask: 'ffff:ffff:ffff:ffff::',
  broadcast: undefined,
  family: 'IPv6',
};
const BOBS_LIFE = lifeOf(BOB);
const FROM: Endpoint = { host: '10.1.0.2', port: 40_000 };
const START: BeaconInput = { kind: 'start', self: SELF, port: 4000, interfaces: [ETH0] };

let rules: BeaconMachine;

beforeEach(() => {
  rules = new BeaconMachine({ announceIntervalMs: 1000, udpPort: 18_222, random: STEADY });
});

function datagram(beacon: Partial<Beacon> = {}, from: Endpoint = FROM): BeaconInput {
  return { kind: 'datagram', bytes: encodeBeacon({ ...BOB, ...beacon }), from };
}

function hear(
  beacon: Partial<Beacon> = {},
  now: Millis = 0,
  from: Endpoint = FROM,
): readonly BeaconOutput[] {
  return rules.handle(datagram(beacon, from), now);
}

/** What is sent where all roads are taken. */
function onEveryRoad(kind: string): string[] {
  return ['everywhere', 'group', 'group6'].map((reach) => `${kind} ${reach}`);
}

/** What kinds of beacons were sent, and how. */
function sent(outputs: readonly BeaconOutput[]): string[] {
  return outputs.flatMap((output) => {
    if (output.kind === 'event') return [];
    if (output.kind === 'resolve') return [`resolve ${output.probe.endpoint.host}`];
    const { kind } = decodeBeacon(output.bytes) as Beacon;
    return [
      output.kind === 'send'
        ? `${kind} to ${output.to.host}:${output.to.port}`
        : `${kind} ${output.reach}`,
    ];
  });
}

function events(outputs: readonly BeaconOutput[]): BeaconEvent[] {
  return outputs.flatMap((output) => (output.kind === 'event' ? [output.event] : []));
}

/** Lets the machine run until a moment; answers when it sent what. */
function run(until: Millis): [Millis, string][] {
  const log: [Millis, string][] = [];
  for (;;) {
    const due = rules.nextDeadline();
    if (due === undefined || due > until) return log;
    for (const words of sent(rules.handle({ kind: 'wake' }, due))) log.push([due, words]);
  }
}

describe('announcing (§2.3)', () => {
  test('begins at once with a probe, goes on in a burst by every road, then every second by one (§2.3(2))', () => {
    rules.handle({ ...START, interfaces: [ETH0, NETWORK6] }, 0);
    const steady = run(6_800);
    expect(steady.slice(0, 9)).toEqual(
      [50, 150, 350].flatMap((at) => onEveryRoad('announce').map((words) => [at, words])),
    );
    expect(steady.slice(9)).toEqual([
      [750, 'announce subnet'],
      [1750, 'announce subnet'],
      [2750, 'announce group'],
      [3750, 'announce subnet'],
      [4750, 'announce subnet'],
      [5750, 'announce group6'],
      [6750, 'announce subnet'],
    ]);
  });

  test('leaves out no turn where an interface has no such road', () => {
    rules.handle({ ...START, interfaces: [{ ...ETH0, loopback: true }] }, 0);
    run(400);
    expect(run(6_800).map(([, words]) => words)).toEqual(Array(7).fill('announce subnet'));
  });

  test('names in each beacon the road that it takes', () => {
    const roads = rules.handle(START, 0).map((output) => {
      if (output.kind !== 'broadcast') throw new Error('expected a broadcast');
      return [output.reach, (decodeBeacon(output.bytes) as Beacon).road];
    });
    expect(roads).toEqual([
      ['everywhere', 'broadcast'],
      ['group', 'multicast'],
      ['group6', 'multicast6'],
    ]);
  });

  test('varies its interval by a tenth to either side', () => {
    for (const [float, gap] of [
      [0, 900],
      [0.999_999, 1100],
    ] as const) {
      rules = new BeaconMachine({
        announceIntervalMs: 1000,
        udpPort: 18_222,
        random: { ...STEADY, float: () => float },
      });
      rules.handle(START, 0);
      const times = run(10_000).map(([at]) => at);
      expect(times.at(-1)! - times.at(-2)!).toBeCloseTo(gap, 0);
    }
  });

  test('is rarer where there are many peers: less than half a beacon a second in a mesh of fifty (§2.3(1))', () => {
    rules.handle(START, 0);
    const ids = Array.from({ length: 49 }, (_, n) => n.toString(16).padStart(32, '0'));
    for (const id of ids) {
      hear({ id }, 0, { host: `10.1.0.${3 + ids.indexOf(id)}`, port: 1 });
      rules.handle({ kind: 'linked', life: lifeOf({ id, epoch: BOB.epoch }) }, 0);
    }
    run(1000);
    expect(run(61_000).length).toBeLessThan(30);
  });

  test('begins anew when the interfaces change', () => {
    rules.handle(START, 0);
    run(5000);
    expect(sent(rules.handle({ kind: 'interfaces', interfaces: [ETH0] }, 5000))).toEqual(
      onEveryRoad('probe'),
    );
    expect([...new Set(run(5800).map(([at]) => at))]).toEqual([5050, 5150, 5350, 5750]);
  });

  test('tells of a change at once, three times', () => {
    rules.handle(START, 0);
    run(5000);
    const outputs = rules.handle(
      { kind: 'changed', self: { ...SELF, metadata: { level: 4 } } },
      5000,
    );
    expect(sent(outputs)).toEqual(onEveryRoad('announce'));
    const [output] = outputs;
    expect(output?.kind === 'broadcast' && decodeBeacon(output.bytes)).toMatchObject({
      metadata: { level: 4 },
      port: 4000,
    });
    expect([...new Set(run(6000).map(([at]) => at))]).toEqual([5050, 5150]);
  });

  test('says goodbye three times, and then nothing', () => {
    rules.handle(START, 0);
    expect(sent(rules.handle({ kind: 'stop' }, 100))).toEqual(
      [1, 2, 3].flatMap(() => onEveryRoad('goodbye')),
    );
    expect(rules.nextDeadline()).toBeUndefined();
    expect(hear({}, 200)).toEqual([]);
  });

  test('shows name, metadata, port, id and epoch', () => {
    const [output] = rules.handle(START, 0);
    expect(output?.kind === 'broadcast' && decodeBeacon(output.bytes)).toEqual({
      kind: 'probe',
      road: 'broadcast',
      serviceHash: serviceHash('chess'),
      id: SELF.id,
      epoch: SELF.epoch,
      port: 4000,
      name: 'Ada',
      metadata: { level: 3 },
    });
  });
});

describe('hearing (§2.4)', () => {
  beforeEach(() => {
    rules.handle(START, 0);
  });

  test('a peer for the first time sights it, where it was heard and with the port that it names (§2.4(1))', () => {
    expect(events(hear())).toEqual([
      { kind: 'sighted', life: BOBS_LIFE, endpoint: { host: '10.1.0.2', port: 5000 } },
      {
        kind: 'shown',
        life: BOBS_LIFE,
        endpoint: { host: '10.1.0.2', port: 5000 },
        details: { name: BOB.name, metadata: {} },
      },
    ]);
    expect(events(hear({}, 1000))).toEqual([]);
  });

  test('a peer at another address, or in another life, sights it there', () => {
    hear();
    const elsewhere = { host: '10.1.9.9', port: 40_000 };
    expect(events(hear({}, 10, elsewhere))).toEqual([
      { kind: 'sighted', life: BOBS_LIFE, endpoint: { host: '10.1.9.9', port: 5000 } },
    ]);
    expect(events(hear({ epoch: 'b2'.repeat(8) }, 20))[0]).toMatchObject({ kind: 'sighted' });
  });

  test('a change of what it shows tells of it', () => {
    hear();
    expect(events(hear({ metadata: { level: 9 } }, 10))).toMatchObject([
      { kind: 'shown', details: { metadata: { level: 9 } } },
    ]);
    expect(events(hear({ name: undefined, metadata: undefined }, 20))).toEqual([]);
  });

  test('its goodbye, from where it was heard, ends it (§2.4(3))', () => {
    hear();
    expect(events(hear({ kind: 'goodbye' }, 10, { host: '10.1.0.77', port: 1 }))).toEqual([]);
    expect(events(hear({ kind: 'goodbye' }, 20))).toEqual([
      { kind: 'gone', life: BOBS_LIFE, hasLeft: true },
    ]);
    expect(events(hear({ kind: 'goodbye' }, 30))).toEqual([]);
  });

  test('a host that slept asks at once who is there, and announces itself as at a start', () => {
    const outputs = rules.handle({ kind: 'wake', hasSlept: true }, 5_000_000);
    expect(outputs).toMatchObject([
      { reach: 'everywhere' },
      { reach: 'group' },
      { reach: 'group6' },
    ]);
    const [sent] = outputs;
    const beacon = decodeBeacon(sent?.kind === 'broadcast' ? sent.bytes : new Uint8Array());
    expect(beacon).toMatchObject({ kind: 'probe' });
    expect(rules.nextDeadline()).toBe(5_000_050);
  });

  test('nothing of it for five intervals ends it, unless there is a link (§2.4(4))', () => {
    hear();
    hear({ id: 'cc'.repeat(16) });
    rules.handle({ kind: 'linked', life: BOBS_LIFE }, 10);
    const gone: Life[] = [];
    while ((rules.nextDeadline() as Millis) < 20_000) {
      for (const event of events(rules.handle({ kind: 'wake' }, rules.nextDeadline() as Millis))) {
        gone.push(event.life);
      }
    }
    expect(gone).toEqual([lifeOf({ ...BOB, id: 'cc'.repeat(16) })]);
    rules.handle({ kind: 'unlinked', life: BOBS_LIFE }, 20_000);
    run(24_900);
    expect(events(rules.handle({ kind: 'wake' }, 30_000))).toEqual([
      { kind: 'gone', life: BOBS_LIFE, hasLeft: false },
    ]);
  });

  test('by multicast alone is heard once in six intervals, and gone after thirteen of silence (§2.4(4))', () => {
    hear({ road: 'multicast' });
    const gone = (): boolean => {
      const outputs = rules.handle({ kind: 'wake' }, rules.nextDeadline()!);
      return events(outputs).some(({ kind }) => kind === 'gone');
    };
    while (rules.nextDeadline()! < 13_000) expect(gone()).toBe(false);
    while (rules.nextDeadline()! < 14_000) if (gone()) return;
    throw new Error('it was not forgotten');
  });

  test('by multicast first and then by broadcast is gone after five, as others are (§2.4(4))', () => {
    hear({ road: 'multicast' });
    hear({}, 1);
    const outputs: BeaconOutput[] = [];
    while (rules.nextDeadline()! < 6_000)
      outputs.push(...rules.handle({ kind: 'wake' }, rules.nextDeadline()!));
    expect(events(outputs)).toEqual([{ kind: 'gone', life: BOBS_LIFE, hasLeft: false }]);
  });
});

describe('answering (§2.5)', () => {
  beforeEach(() => {
    rules.handle(START, 0);
  });

  test('an unknown peer is answered at once, where its datagram came from', () => {
    expect(sent(hear())).toEqual(['answer to 10.1.0.2:40000']);
    expect(sent(hear({}, 5000))).toEqual([]);
  });

  test('a probe is answered whoever sends it, but only once a second (§2.5(2))', () => {
    hear({}, 0);
    expect(sent(hear({ kind: 'probe' }, 999))).toEqual([]);
    expect(sent(hear({ kind: 'probe' }, 1000))).toEqual(['answer to 10.1.0.2:40000']);
    expect(sent(hear({ kind: 'probe' }, 1001))).toEqual([]);
  });

  test('an answer is not answered (§2.5(2))', () => {
    expect(sent(hear({ kind: 'answer' }))).toEqual([]);
  });

  test('no answer is longer than its question (§2.5(1)) (T2)', () => {
    const asked = datagram({ name: 'B' }) as Extract<BeaconInput, { kind: 'datagram' }>;
    const [answer] = rules
      .handle(asked, 0)
      .flatMap((output) => (output.kind === 'send' ? [output.bytes] : []));
    expect(answer!.length).toBeLessThanOrEqual(asked.bytes.length);
    expect(decodeBeacon(answer!)).toMatchObject({ name: undefined, metadata: undefined });
  });

  test('one address gets eight answers at once and one a second, however many it claims to be (§2.5(2)) (T2)', () => {
    const answers = (now: Millis): number => {
      let count = 0;
      for (let n = 0; n < 30; n++) {
        const id = (now + n).toString(16).padStart(32, '0');
        count += sent(hear({ id }, now)).length;
      }
      return count;
    };
    expect([answers(0), answers(1000), answers(5000)]).toEqual([8, 1, 4]);
  });
});

describe('what is not believed', () => {
  beforeEach(() => {
    rules.handle(START, 0);
  });

  test.each([
    ['foreign', Buffer.from('BROADCAST'), FROM],
    ['foreign', Buffer.alloc(0), FROM],
    ['malformed', encodeBeacon(BOB).subarray(0, 50), FROM],
    ['otherService', encodeBeacon({ ...BOB, serviceHash: serviceHash('go') }), FROM],
    ['own', encodeBeacon({ ...BOB, id: SELF.id }), FROM],
    ['untrusted', encodeBeacon({ ...BOB, port: 22 }), FROM],
    ['untrusted', encodeBeacon(BOB), { host: '192.168.7.7', port: 1 }],
    ['untrusted', encodeBeacon(BOB), { host: '2001:db8::1', port: 1 }],
  ] as const)(
    'is counted as %s and otherwise ignored (§2.2(1), §2.4(2)) (T1)',
    (count, bytes, from) => {
      expect(rules.handle({ kind: 'datagram', bytes, from }, 0)).toEqual([]);
      expect(rules.counts).toMatchObject({ received: 1, [count]: 1 });
    },
  );

  test('more strangers than an address may show are not heard; whom it showed before is (§2.4(5)) (T3)', () => {
    hear();
    for (let n = 0; n < 1000; n++) hear({ id: n.toString(16).padStart(32, '0') }, 0);
    expect(rules.counts.limited).toBe(1001 - 128);
    expect(events(hear({ metadata: { level: 1 } }, 1))).toMatchObject([{ kind: 'shown' }]);
    expect(events(hear({ id: 'ee'.repeat(16) }, 1, { host: '10.1.0.3', port: 1 }))).toHaveLength(2);
    expect(events(hear({ id: 'dd'.repeat(16) }, 100))).toHaveLength(2);
  });

  test('of more than 1,024 peers those make room who were not heard for longest, but none with a link (§2.4(5)) (T3)', () => {
    const from = (n: number): Endpoint => ({ host: `10.1.${1 + (n >> 6)}.${n & 63}`, port: 1 });
    const id = (n: number): string => n.toString(16).padStart(32, '0');
    for (let n = 0; n < 1024; n++) hear({ id: id(n) }, n, from(n));
    rules.handle({ kind: 'linked', life: lifeOf({ ...BOB, id: id(0) }) }, 2000);
    hear({ id: id(1) }, 2001, from(1));
    expect(events(hear({ id: id(5000) }, 2002, from(5000)))[0]).toEqual({
      kind: 'gone',
      life: lifeOf({ ...BOB, id: id(2) }),
      hasLeft: false,
    });
  });

  prop.prop([fc.uint8Array({ maxLength: 1500 }), fc.boolean()])(
    'garbage never throws',
    (bytes, isOurs) => {
      const machine = new BeaconMachine({
        announceIntervalMs: 1000,
        udpPort: 18_222,
        random: STEADY,
      });
      machine.handle(START, 0);
      const head = isOurs ? encodeBeacon(BOB).subarray(0, 14) : Buffer.alloc(0);
      machine.handle({ kind: 'datagram', bytes: Buffer.concat([head, bytes]), from: FROM }, 0);
      expect(machine.counts.received).toBe(1);
    },
  );
});

test('the table of transitions holds in every cell', () => {
  const inputs: readonly (BeaconInput | { kind: 'wake' })[] = [
    START,
    datagram(),
    { kind: 'interfaces', interfaces: [] },
    { kind: 'changed', self: SELF },
    { kind: 'linked', life: BOBS_LIFE },
    { kind: 'unlinked', life: BOBS_LIFE },
    { kind: 'stop' },
    { kind: 'wake' },
  ];
  for (const from of ['silent', 'announcing'] as const) {
    for (const input of inputs) {
      const machine = new BeaconMachine({
        announceIntervalMs: 1000,
        udpPort: 18_222,
        random: STEADY,
      });
      if (from === 'announcing') machine.handle(START, 0);
      machine.handle(input, 10_000);
      const row: readonly BeaconState[] = BEACON_TRANSITIONS[from][input.kind];
      expect(row, `${from} on ${input.kind}`).toEqual([machine.state]);
    }
  }
});
