import type { Millis, Random } from '@cablecar/core-protocol';
import { describe, expect, test } from 'vitest';
import { DialMachine, type DialSettings } from './dial-machine.ts';
import { DIAL_TRANSITIONS, type DialStateName } from './dial-transitions.ts';
import type { DialInput, DialOutput } from './dial-types.ts';
import { lifeOf, type Life } from '../life.ts';

const OWN = '5'.repeat(32);
const LARGER = lifeOf({ id: '9'.repeat(32), epoch: 'e1' });
const SMALLER = lifeOf({ id: '1'.repeat(32), epoch: 'e1' });
const THERE = { host: '10.0.0.2', port: 2000 };
const ELSEWHERE = { host: '10.0.1.2', port: 2000 };

/** Chance that always takes the whole of the longest wait. */
const LONGEST: Random = { bytes: (length) => new Uint8Array(length), float: () => 1 };

function machine(settings: Partial<DialSettings> = {}): DialMachine {
  return new DialMachine({
    id: OWN,
    headStartMs: 150,
    once: false,
    maxPeers: 1000,
    random: LONGEST,
    ...settings,
  });
}

/** Feeds inputs one after another; answers what the last of them asked for. */
function feed(
  rules: DialMachine,
  inputs: readonly DialInput[],
  now: Millis = 0,
): readonly DialOutput[] {
  return inputs.reduce<readonly DialOutput[]>((_, input) => rules.handle(input, now), []);
}

function kinds(outputs: readonly DialOutput[]): string[] {
  return outputs.map((output) =>
    output.kind === 'event' ? `event ${output.event.kind}` : output.kind,
  );
}

const sighted = (life: Life): DialInput => ({ kind: 'sighted', life, endpoint: THERE });
const connected = (life: Life): DialInput => ({ kind: 'connected', life });
const welcomed = (life: Life, round = 1): DialInput => ({ kind: 'welcomed', life, round });
const failed = (life: Life): DialInput => ({
  kind: 'failed',
  life,
  code: 'ERR_CONNECTION_REFUSED',
});
const offered = (life: Life, offer: number, round = 0): DialInput => ({
  kind: 'offered',
  life,
  offer,
  round,
});
const confirmed = (life: Life, offer: number): DialInput => ({ kind: 'confirmed', life, offer });
const withdrawn = (life: Life, offer: number): DialInput => ({ kind: 'withdrawn', life, offer });
const unlinked = (life: Life, round: number, parted = false): DialInput => ({
  kind: 'unlinked',
  life,
  round,
  parted,
});

describe('who dials (§4.1)', () => {
  test('the larger id dials as soon as it sights the other', () => {
    expect(machine().handle(sighted(SMALLER), 0)).toEqual([
      { kind: 'dial', life: SMALLER, endpoint: THERE },
    ]);
  });

  test('the smaller id leaves the other a head start, and then dials as well (§4.1(1))', () => {
    const rules = machine();
    expect(rules.handle(sighted(LARGER), 1000)).toEqual([]);
    expect(rules.nextDeadline()).toBe(1150);
    expect(rules.handle({ kind: 'wake' }, 1149)).toEqual([]);
    expect(kinds(rules.handle({ kind: 'wake' }, 1150))).toEqual(['dial']);
  });

  test('an address that people can read is dialled before a link-local one, heard before it or after', () => {
    const local = { host: 'fe80::2%eth0', port: 2000 };
    for (const order of [
      [THERE, local],
      [local, THERE],
    ]) {
      const rules = machine({ headStartMs: 1000 });
      feed(
        rules,
        order.map((endpoint): DialInput => ({ kind: 'sighted', life: LARGER, endpoint })),
      );
      const [dial] = rules.handle({ kind: 'wake' }, rules.nextDeadline() ?? 0);
      expect(dial).toMatchObject({ kind: 'dial', endpoint: THERE });
    }
  });

  test('HELLO goes once the dial is connected, and READY once it is welcomed', () => {
    const rules = machine();
    rules.handle(sighted(SMALLER), 0);
    expect(rules.handle(connected(SMALLER), 1)).toEqual([
      { kind: 'greet', life: SMALLER, round: 0 },
    ]);
    expect(rules.handle(welcomed(SMALLER), 2)).toEqual([
      { kind: 'confirm', life: SMALLER, round: 1 },
      { kind: 'event', event: { kind: 'linked', life: SMALLER, round: 1, offer: undefined } },
    ]);
  });

  test('whoever is offered a connection does not dial (§4.1(2))', () => {
    const rules = machine();
    rules.handle(sighted(LARGER), 0);
    expect(rules.handle(offered(LARGER, 7), 100)).toEqual([
      { kind: 'welcome', offer: 7, round: 1 },
    ]);
    expect(rules.nextDeadline()).toBeUndefined();
    expect(rules.handle(confirmed(LARGER, 7), 101)).toEqual([
      { kind: 'event', event: { kind: 'linked', life: LARGER, round: 1, offer: 7 } },
    ]);
  });
});

describe('where both dials meet (§4.2)', () => {
  test('the larger id defers the other HELLO, takes its own WELCOME and refuses the other (§4.2(1))', () => {
    const rules = machine();
    feed(rules, [sighted(SMALLER), connected(SMALLER)]);
    expect(rules.handle(offered(SMALLER, 7), 1)).toEqual([]);
    expect(rules.handle(welcomed(SMALLER), 2)).toEqual([
      { kind: 'confirm', life: SMALLER, round: 1 },
      { kind: 'refuse', offer: 7, code: 'ERR_DUPLICATE_LINK' },
      { kind: 'event', event: { kind: 'linked', life: SMALLER, round: 1, offer: undefined } },
    ]);
  });

  test('the larger id welcomes the other HELLO when its own dial comes to nothing (§4.2(1))', () => {
    const rules = machine();
    feed(rules, [sighted(SMALLER), connected(SMALLER), offered(SMALLER, 7)]);
    expect(rules.handle(failed(SMALLER), 1)).toEqual([{ kind: 'welcome', offer: 7, round: 1 }]);
  });

  test('the larger id takes its own dial back at once while its HELLO has not gone (§4.2(3))', () => {
    const rules = machine();
    feed(rules, [sighted(SMALLER)]);
    expect(kinds(rules.handle(offered(SMALLER, 7), 1))).toEqual(['abandon', 'welcome']);
  });

  test('the smaller id welcomes and keeps its own dial until READY comes (§4.2(2))', () => {
    const rules = machine({ headStartMs: 0 });
    feed(rules, [sighted(LARGER), connected(LARGER)]);
    expect(kinds(rules.handle(offered(LARGER, 7), 1))).toEqual(['welcome']);
    expect(kinds(rules.handle(confirmed(LARGER, 7), 2))).toEqual(['abandon', 'event linked']);
  });

  test('the smaller id takes the WELCOME to its own dial, which means that the other was given up (§4.2(2))', () => {
    const rules = machine({ headStartMs: 0 });
    feed(rules, [sighted(LARGER), connected(LARGER), offered(LARGER, 7)]);
    expect(rules.handle(welcomed(LARGER), 2)).toEqual([
      { kind: 'confirm', life: LARGER, round: 1 },
      { kind: 'refuse', offer: 7, code: 'ERR_DUPLICATE_LINK' },
      { kind: 'event', event: { kind: 'linked', life: LARGER, round: 1, offer: undefined } },
    ]);
  });

  test('a refused duplicate is no reason to give up the other connection', () => {
    const rules = machine({ headStartMs: 0 });
    feed(rules, [sighted(LARGER), connected(LARGER), offered(LARGER, 7)]);
    feed(rules, [{ kind: 'failed', life: LARGER, code: 'ERR_DUPLICATE_LINK' }]);
    expect(kinds(feed(rules, [confirmed(LARGER, 7)]))).toEqual(['event linked']);
  });
});

describe('where there is a link (§4.3)', () => {
  function linked(settings: Partial<DialSettings> = {}): DialMachine {
    const rules = machine(settings);
    feed(rules, [sighted(SMALLER), connected(SMALLER), welcomed(SMALLER)]);
    return rules;
  }

  test('a HELLO from before the link is refused (§4.3(2))', () => {
    expect(linked().handle(offered(SMALLER, 7, 0), 1)).toEqual([
      { kind: 'refuse', offer: 7, code: 'ERR_DUPLICATE_LINK' },
    ]);
  });

  test('a HELLO from after the link means that it is lost there: the new one takes its place (§4.3(3))', () => {
    const rules = linked();
    expect(rules.handle(offered(SMALLER, 7, 1), 1)).toEqual([
      { kind: 'welcome', offer: 7, round: 2 },
    ]);
    expect(rules.handle(confirmed(SMALLER, 7), 2)).toEqual([
      { kind: 'event', event: { kind: 'linked', life: SMALLER, round: 2, offer: 7 } },
    ]);
    expect(rules.handle(unlinked(SMALLER, 1), 3)).toEqual([]);
  });

  test('a HELLO takes the place of one before, whatever still comes on that connection (§4.3(5))', () => {
    const rules = machine();
    feed(rules, [offered(LARGER, 1)]);
    expect(rules.handle(offered(LARGER, 2, 1), 1)).toEqual([
      { kind: 'refuse', offer: 1, code: 'ERR_DUPLICATE_LINK' },
      { kind: 'welcome', offer: 2, round: 2 },
    ]);
    expect(feed(rules, [withdrawn(LARGER, 1), confirmed(LARGER, 1)])).toEqual([]);
    expect(kinds(rules.handle(confirmed(LARGER, 2), 2))).toEqual(['event linked']);
  });

  test('the old link stays when the new connection comes to nothing', () => {
    const rules = linked();
    rules.handle(offered(SMALLER, 7, 1), 1);
    expect(rules.handle(withdrawn(SMALLER, 7), 2)).toEqual([]);
    expect(rules.stateOf(SMALLER)).toBe('linked');
  });

  test('a dial comes after every WELCOME that was given: so it tells that they came to nothing', () => {
    const rules = machine({ headStartMs: 0 });
    feed(rules, [sighted(LARGER), offered(LARGER, 7), withdrawn(LARGER, 7)]);
    rules.handle({ kind: 'wake' }, 100);
    expect(rules.handle(connected(LARGER), 101)).toEqual([
      { kind: 'greet', life: LARGER, round: 1 },
    ]);
  });

  test('a round is remembered when nothing else is', () => {
    const rules = linked();
    feed(rules, [{ kind: 'stop' }, unlinked(SMALLER, 1)]);
    expect(rules.stateOf(SMALLER)).toBe('unknown');
    feed(rules, [sighted(SMALLER)]);
    expect(rules.handle(connected(SMALLER), 2)).toEqual([
      { kind: 'greet', life: SMALLER, round: 1 },
    ]);
  });

  test('a round is one more than either end knew of (§4.3(1))', () => {
    const rules = linked();
    rules.handle(offered(SMALLER, 7, 41), 1);
    expect(rules.handle(confirmed(SMALLER, 7), 2)).toContainEqual({
      kind: 'event',
      event: { kind: 'linked', life: SMALLER, round: 42, offer: 7 },
    });
  });

  test('a lost link is dialled again, at once when it had held for long', () => {
    const rules = linked();
    expect(kinds(rules.handle(unlinked(SMALLER, 1), 10_000))).toEqual(['dial']);
  });

  test('a link that did not hold is dialled again after a pause', () => {
    const rules = linked();
    expect(kinds(rules.handle(unlinked(SMALLER, 1), 9_999))).toEqual([]);
    expect(rules.nextDeadline()).toBe(10_099);
  });

  test('a link that this program ended is not dialled again, but taken when the peer dials (§4.4(3))', () => {
    const rules = linked();
    expect(kinds(rules.handle(unlinked(SMALLER, 1, true), 10_000))).toEqual([]);
    expect(rules.nextDeadline()).toBeUndefined();
    expect(kinds(rules.handle(sighted(SMALLER), 10_001))).toEqual([]);
    expect(kinds(rules.handle(offered(SMALLER, 7, 1), 10_002))).toEqual(['welcome']);
  });

  test('another life of the peer is met beside it, and takes its place once it is linked (§4.3(4))', () => {
    const rules = linked();
    const next = lifeOf({ id: '1'.repeat(32), epoch: 'e2' });
    expect(kinds(rules.handle(sighted(next), 1))).toEqual(['dial']);
    expect(rules.stateOf(SMALLER)).toBe('linked');
    expect(rules.handle(connected(next), 2)).toEqual([{ kind: 'greet', life: next, round: 0 }]);
    expect(rules.handle(welcomed(next), 3).slice(1)).toEqual([
      { kind: 'event', event: { kind: 'linked', life: next, round: 1, offer: undefined } },
    ]);
    expect(rules.stateOf(SMALLER)).toBe('unknown');
  });

  test('stopping leaves it alone and gives up everything else', () => {
    const rules = linked();
    feed(rules, [offered(SMALLER, 7, 1), sighted(LARGER), offered(LARGER, 8)]);
    expect(rules.handle({ kind: 'stop' }, 1)).toEqual([
      { kind: 'refuse', offer: 7, code: 'ERR_REFUSED' },
      { kind: 'refuse', offer: 8, code: 'ERR_REFUSED' },
    ]);
    expect([rules.stateOf(SMALLER), rules.stateOf(LARGER)]).toEqual(['linked', 'unknown']);
    expect(kinds(rules.handle(unlinked(SMALLER, 1), 2))).toEqual([]);
    expect(rules.stateOf(SMALLER)).toBe('unknown');
  });
});

describe('dials that come to nothing (§4.4)', () => {
  test('are tried again after pauses that double, up to five seconds (§4.4(1))', () => {
    const rules = machine();
    let now = 0;
    rules.handle(sighted(SMALLER), now);
    const pauses: Millis[] = [];
    for (let round = 0; round < 8; round++) {
      rules.handle(failed(SMALLER), now);
      pauses.push((rules.nextDeadline() as Millis) - now);
      now = rules.nextDeadline() as Millis;
      expect(kinds(rules.handle({ kind: 'wake' }, now))).toEqual(['dial']);
    }
    expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  test('try every address once before they pause', () => {
    const rules = machine();
    feed(rules, [sighted(SMALLER), { kind: 'sighted', life: SMALLER, endpoint: ELSEWHERE }]);
    expect(rules.handle(failed(SMALLER), 1)).toContainEqual({
      kind: 'dial',
      life: SMALLER,
      endpoint: THERE,
    });
    expect(rules.handle(failed(SMALLER), 2)).toEqual([]);
    expect(rules.nextDeadline()).toBe(102);
  });

  test('a new address cuts the pause short', () => {
    const rules = machine();
    feed(rules, [sighted(SMALLER), failed(SMALLER)]);
    expect(rules.handle({ kind: 'sighted', life: SMALLER, endpoint: ELSEWHERE }, 1)).toEqual([
      { kind: 'dial', life: SMALLER, endpoint: ELSEWHERE },
    ]);
  });

  test.each(['ERR_SERVICE_MISMATCH', 'ERR_VERSION_MISMATCH', 'ERR_SELF'] as const)(
    'are not tried again after %s (§4.4(3))',
    (code) => {
      const rules = machine();
      feed(rules, [sighted(SMALLER), connected(SMALLER), { kind: 'failed', life: SMALLER, code }]);
      expect(rules.nextDeadline()).toBeUndefined();
      expect(feed(rules, [sighted(SMALLER)])).toEqual([]);
    },
  );

  test('are forgotten when the peer is gone', () => {
    const rules = machine();
    feed(rules, [sighted(SMALLER), { kind: 'gone', life: SMALLER }]);
    expect(rules.handle(failed(SMALLER), 1)).toEqual([]);
    expect(rules.stateOf(SMALLER)).toBe('unknown');
  });

  test('are at most ten at once to one host that fails, and in the long run one in five seconds (§4.4(2)) (T2)', () => {
    const rules = machine();
    const strangers = Array.from({ length: 200 }, (_, n) =>
      lifeOf({ id: `${n}`.padStart(32, '0'), epoch: 'e1' }),
    );
    let dials = 0;
    const count = (outputs: readonly DialOutput[]): void => {
      for (const output of outputs) {
        if (output.kind !== 'dial') continue;
        dials++;
        count(rules.handle(failed(output.life), now));
      }
    };
    let now = 0;
    for (const stranger of strangers) count(rules.handle(sighted(stranger), now));
    expect(dials).toBe(10); // as many again are kept for other hosts
    for (now = 1; now <= 50_000; now++) {
      const due = rules.nextDeadline();
      if (due !== undefined && due <= now) count(rules.handle({ kind: 'wake' }, now));
    }
    expect(dials).toBeLessThanOrEqual(30);
    expect(dials).toBeGreaterThan(25);
  });

  test('to a host where none failed are made at once, however many others are forged (§4.4(2))', () => {
    const rules = machine();
    const answer = (outputs: readonly DialOutput[], now: Millis): void => {
      for (const output of outputs) {
        if (output.kind === 'dial') answer(rules.handle(failed(output.life), now), now);
      }
    };
    for (let now = 0; now < 250; now++) {
      const life = lifeOf({ id: `${now}`.padStart(32, '0'), epoch: 'e1' });
      const endpoint = { host: `10.0.66.${now % 10}`, port: 2000 };
      answer(rules.handle({ kind: 'sighted', life, endpoint }, now), now);
      answer(rules.handle({ kind: 'wake' }, now), now);
    }
    expect(kinds(rules.handle(sighted(SMALLER), 250))).toEqual(['dial']);
  });

  test('cost nothing where they reach a peer', () => {
    const rules = machine();
    for (let n = 0; n < 200; n++) {
      const life = lifeOf({ id: `${n}`.padStart(32, '0'), epoch: 'e1' });
      expect(kinds(feed(rules, [sighted(life)]))).toEqual(['dial']);
      feed(rules, [connected(life), welcomed(life)]);
      expect(rules.stateOf(life)).toBe('linked');
    }
  });
});

describe('as many links as may be', () => {
  test('further peers are turned away, and not dialled until there is room', () => {
    const rules = machine({ maxPeers: 1 });
    feed(rules, [sighted(SMALLER), connected(SMALLER), welcomed(SMALLER)]);
    const other = lifeOf({ id: '2'.repeat(32), epoch: 'e1' });
    expect(rules.handle(offered(other, 7), 1)).toEqual([
      { kind: 'refuse', offer: 7, code: 'ERR_LIMIT' },
    ]);
    expect(rules.handle(sighted(other), 2)).toEqual([]);
    rules.handle(unlinked(SMALLER, 1, true), 3);
    expect(kinds(rules.handle({ kind: 'wake' }, 5002))).toEqual(['dial']);
  });
});

describe('one-to-one mode (§4.6)', () => {
  const once = { once: true };

  test('the first link is the only one: everything else is given up (§4.6(3))', () => {
    const rules = machine(once);
    const other = lifeOf({ id: '2'.repeat(32), epoch: 'e1' });
    feed(rules, [sighted(SMALLER), sighted(other), connected(SMALLER), connected(other)]);
    feed(rules, [offered(LARGER, 7)]);
    feed(rules, [welcomed(other)]);
    expect(rules.handle(confirmed(LARGER, 7), 1)).toEqual([
      { kind: 'event', event: { kind: 'linked', life: LARGER, round: 1, offer: 7 } },
      { kind: 'abandon', life: SMALLER },
      { kind: 'abandon', life: other },
    ]);
    expect(rules.handle(offered(other, 9), 2)).toEqual([
      { kind: 'refuse', offer: 9, code: 'ERR_REFUSED' },
    ]);
    expect(rules.handle(sighted(other), 3)).toEqual([]);
  });

  test('only one stranger at a time holds a WELCOME (§4.6(1))', () => {
    const rules = machine(once);
    expect(kinds(feed(rules, [offered(LARGER, 7)]))).toEqual(['welcome']);
    expect(feed(rules, [offered(SMALLER, 8)])).toEqual([]);
    expect(rules.handle(withdrawn(LARGER, 7), 1)).toEqual([
      { kind: 'welcome', offer: 8, round: 1 },
    ]);
  });

  test('READY waits while another stranger holds a WELCOME (§4.6(1))', () => {
    const rules = machine(once);
    feed(rules, [sighted(SMALLER), connected(SMALLER)]);
    expect(kinds(feed(rules, [offered(LARGER, 7)]))).toEqual(['welcome']);
    expect(feed(rules, [welcomed(SMALLER)])).toEqual([]);
    expect(kinds(rules.handle(withdrawn(LARGER, 7), 1))).toEqual(['confirm', 'event linked']);
  });

  test('HELLO waits while a stranger holds a WELCOME', () => {
    const rules = machine(once);
    feed(rules, [sighted(SMALLER), offered(LARGER, 7)]);
    expect(feed(rules, [connected(SMALLER)])).toEqual([]);
    expect(kinds(rules.handle(withdrawn(LARGER, 7), 1))).toEqual(['greet']);
  });

  test('while a HELLO is out only a larger id is welcomed (§4.6(2))', () => {
    const rules = machine(once);
    const smallest = lifeOf({ id: '0'.repeat(32), epoch: 'e1' });
    feed(rules, [sighted(SMALLER), connected(SMALLER)]);
    expect(feed(rules, [offered(smallest, 7)])).toEqual([]);
    expect(rules.handle(failed(SMALLER), 1)).toEqual([{ kind: 'welcome', offer: 7, round: 1 }]);
  });

  test('begins anew after a stop', () => {
    const rules = machine(once);
    feed(rules, [offered(LARGER, 7), confirmed(LARGER, 7), { kind: 'stop' }]);
    expect(kinds(feed(rules, [sighted(SMALLER)]))).toEqual(['dial']);
  });
});

describe('the table of transitions', () => {
  // Every way into every state, as the one peer `life`; each cell is tried from each of them.
  const ways = (life: Life): Record<DialStateName, readonly DialInput[][]> => {
    const other = lifeOf({ id: '3'.repeat(32), epoch: 'e1' });
    const greeted = [sighted(life), { kind: 'wake' } as never, connected(life)];
    const linked = [offered(life, 1), confirmed(life, 1)];
    const otherLinked = [offered(other, 8), confirmed(other, 8)];
    return {
      unknown: [[], otherLinked],
      idle: [
        [sighted(life), ...linked, unlinked(life, 1, true)],
        [sighted(life), ...linked, unlinked(life, 1, true), ...otherLinked],
      ],
      waiting: [
        [sighted(life), ...linked, unlinked(life, 1), ...otherLinked],
        [sighted(life), ...linked, unlinked(life, 1)],
        [sighted(life), offered(life, 1), withdrawn(life, 1)],
      ],
      dialling: [
        [sighted(life)],
        greeted,
        [...greeted, { kind: 'gone', life }],
        [...greeted, offered(LARGER_STILL, 8)],
      ],
      answering: [
        [offered(life, 1)],
        [offered(life, 1), offered(life, 2)],
        [sighted(life), offered(life, 1)],
        [offered(other, 8), offered(life, 1)],
      ],
      crossing: [
        [...greeted, offered(life, 1)],
        [...greeted, offered(life, 1), offered(life, 2)],
        [...greeted, offered(LARGER_STILL, 8), offered(life, 1)],
      ],
      linked: [
        linked,
        [sighted(life), ...linked],
        [sighted(life), ...linked, offered(life, 2, 1)],
        [...linked, offered(life, 2, 1)],
      ],
    };
  };
  const LARGER_STILL = lifeOf({ id: 'f'.repeat(32), epoch: 'e1' });

  const inputs = (life: Life): readonly (DialInput | { kind: 'wake' })[] => [
    sighted(life),
    { kind: 'sighted', life, endpoint: ELSEWHERE },
    { kind: 'gone', life },
    connected(life),
    welcomed(life),
    failed(life),
    { kind: 'failed', life, code: 'ERR_SERVICE_MISMATCH' },
    offered(life, 5, 0),
    offered(life, 5, 9),
    ...[1, 2, 5].flatMap((offer) => [confirmed(life, offer), withdrawn(life, offer)]),
    unlinked(life, 1),
    unlinked(life, 1, true),
    unlinked(life, 9),
    { kind: 'stop' },
    { kind: 'wake' },
  ];

  test('holds in every cell, and every one of its ways is gone', () => {
    const gone = new Set<string>();
    for (const settings of [
      {},
      { headStartMs: 0 },
      { once: true },
      { once: true, headStartMs: 0 },
      { maxPeers: 1, headStartMs: 0 },
      { random: { ...LONGEST, float: () => 0 } },
    ]) {
      for (const life of [SMALLER, LARGER]) {
        for (const way of Object.values(ways(life)).flat()) {
          for (const input of inputs(life)) {
            for (const now of [1, 20_000]) {
              const rules = machine(settings);
              feed(rules, way);
              const from = rules.stateOf(life);
              rules.handle(input, now);
              const to = rules.stateOf(life);
              const allowed: readonly DialStateName[] = DIAL_TRANSITIONS[from][input.kind];
              expect(allowed, `${from} on ${JSON.stringify(input)}`).toContain(to);
              gone.add(`${from} ${input.kind} ${to}`);
            }
          }
        }
      }
    }
    const all = Object.entries(DIAL_TRANSITIONS).flatMap(([from, row]) =>
      Object.entries<readonly string[]>(row).flatMap(([kind, tos]) =>
        tos.map((to) => `${from} ${kind} ${to}`),
      ),
    );
    expect(all.filter((edge) => !gone.has(edge))).toEqual([]);
  });
});
