import type { Millis, NetworkInterface } from '@cablecar/core-protocol';
import { describe, expect, test } from 'vitest';
import { ClassicSearchMachine, type SearchSettings } from './classic-search-machine.ts';
import { CLASSIC_SEARCH_TRANSITIONS, type AddressStateName } from './search-transitions.ts';
import type { Address, SearchInput, SearchOutput } from './search-types.ts';

type Input = SearchInput | { readonly kind: 'wake' };

const SMALLER = '10.0.0.2';
const OWN = '10.0.0.10';
const LARGER = '10.0.0.11';

const LAN: NetworkInterface = {
  name: 'eth0',
  address: OWN,
  netmask: '255.255.255.0',
  broadcast: '10.0.0.255',
  family: 'IPv4',
  loopback: false,
};

const start: Input = { kind: 'start', interfaces: [LAN] };
const stop: Input = { kind: 'stop' };
const wake: Input = { kind: 'wake' };
const heard = (address: Address): Input => ({ kind: 'datagram', address });
const accepted = (address: Address, socket = 1): Input => ({ kind: 'accepted', address, socket });
const dialled = (address: Address, socket = 2): Input => ({ kind: 'dialled', address, socket });
const failed = (address: Address): Input => ({ kind: 'failed', address });
const unlinked = (address: Address, link = 1, parted = false): Input => ({
  kind: 'unlinked',
  address,
  link,
  parted,
});

/** What rules ask for in short, without the announcements. */
function short(outputs: readonly SearchOutput[]): string[] {
  return outputs
    .filter(({ kind }) => kind !== 'announce')
    .map((output) => {
      const { kind, ...facts } = output.kind === 'event' ? output.event : output;
      return [kind, ...Object.values(facts)].join(' ');
    });
}

/** What becomes of a connection that the peer dialled. */
function linked(link: number, socket: number): string[] {
  return [`made ${SMALLER} ${link} ${socket} theirs false`, `linked ${SMALLER}`];
}

/** Rules with their time. */
class Scene {
  readonly rules: ClassicSearchMachine;
  now: Millis = 0;

  constructor(settings: Partial<SearchSettings> = {}) {
    const defaults = { announceIntervalMs: 1_000, once: false, maxPeers: 100 };
    this.rules = new ClassicSearchMachine({ ...defaults, ...settings });
    this.feed(start);
  }

  feed(...inputs: readonly Input[]): string[] {
    return inputs.flatMap((input) => short(this.rules.handle(input, this.now)));
  }

  /** Lets time go by, with a wake whenever the rules want one. */
  pass(ms: Millis): string[] {
    const told: string[] = [];
    const end = this.now + ms;
    for (;;) {
      const deadline = this.rules.nextDeadline();
      if (deadline === undefined || deadline > end) break;
      this.now = Math.max(this.now, deadline);
      told.push(...this.feed(wake));
    }
    this.now = end;
    return told;
  }

  /** Has an address go on announcing itself until it is dialled; gives after how long it was. */
  dialAfter(address: Address): Millis {
    const began = this.now;
    for (;;) {
      this.feed(heard(address));
      for (let tick = 0; tick < 20; tick++) {
        if (this.pass(50).includes(`dial ${address}`)) return this.now - began;
      }
      if (this.now - began > 60_000) throw new Error('it was never dialled');
    }
  }
}

describe('the classic search', () => {
  test('walks every cell of the table and no other edge', () => {
    const paths: Record<AddressStateName, (scene: Scene) => unknown> = {
      unknown: () => {},
      heard: (scene) => scene.feed(heard(SMALLER)),
      due: (scene) => {
        scene.feed(heard(SMALLER));
        scene.pass(600);
        scene.feed(heard(SMALLER));
      },
      dialling: (scene) => scene.dialAfter(SMALLER),
      settling: (scene) => {
        scene.dialAfter(SMALLER);
        scene.feed(dialled(SMALLER, 1));
      },
      resting: (scene) => {
        scene.dialAfter(SMALLER);
        scene.feed(failed(SMALLER));
      },
      parted: (scene) => scene.feed(accepted(SMALLER), unlinked(SMALLER, 1, true)),
      linked: (scene) => scene.feed(accepted(SMALLER)),
      crossing: (scene) => {
        scene.dialAfter(SMALLER);
        scene.feed(accepted(SMALLER));
      },
    };
    const inputs = [
      ...[heard(SMALLER), accepted(SMALLER, 7), dialled(SMALLER, 8), failed(SMALLER)],
      ...[unlinked(SMALLER), unlinked(SMALLER, 1, true), unlinked(SMALLER, 99), stop, wake],
    ];
    const walked = new Set<string>();
    for (const [from, lead] of Object.entries(paths)) {
      for (const input of inputs) {
        for (const waitMs of [0, 300, 700, 16_000]) {
          for (const crowd of [[], [accepted(LARGER, 50)]]) {
            const scene = new Scene({ maxPeers: 1 });
            lead(scene);
            scene.feed(...crowd);
            expect(scene.rules.stateOf(SMALLER)).toBe(from);
            scene.now += waitMs;
            scene.feed(input);
            walked.add(`${from} -${input.kind}-> ${scene.rules.stateOf(SMALLER)}`);
          }
        }
      }
    }
    const silent = new Scene();
    silent.feed(stop, heard(SMALLER));
    walked.add(`unknown -datagram-> ${silent.rules.stateOf(SMALLER)}`);
    const legal = new Set(
      Object.entries(CLASSIC_SEARCH_TRANSITIONS).flatMap(([from, row]) =>
        Object.entries(row as Record<string, readonly string[]>).flatMap(([kind, nexts]) =>
          nexts.map((to) => `${from} -${kind}-> ${to}`),
        ),
      ),
    );
    expect([...walked].filter((edge) => !legal.has(edge))).toEqual([]);
    expect([...legal].filter((edge) => !walked.has(edge))).toEqual([]);
  });
});

describe('announcing', () => {
  test('begins at once, goes on in the interval, and is done anew where the interfaces change (§9.1(1))', () => {
    const scene = new Scene({ announceIntervalMs: 500 });
    const { rules } = scene;
    const times: Millis[] = [];
    for (let now = 1; now < 1_600; now++) {
      if (rules.handle(wake, now).some(({ kind }) => kind === 'announce')) times.push(now);
    }
    expect(times).toEqual([500, 1_000, 1_500]);
    const changed: Input = { kind: 'interfaces', interfaces: [LAN] };
    expect(rules.handle(changed, 1_700)).toEqual([{ kind: 'announce' }]);
    expect(rules.nextDeadline()).toBe(2_200);
  });

  test('ends with the search', () => {
    const scene = new Scene();
    expect(scene.feed(stop)).toEqual(['deafen']);
    expect(scene.rules.nextDeadline()).toBeUndefined();
    expect(scene.feed(heard(SMALLER))).toEqual([]);
  });
});

describe('an address that is heard', () => {
  test('is nudged at once, once a second, and left to dial (§9.1(3))', () => {
    const scene = new Scene();
    expect(scene.feed(heard(SMALLER))).toEqual([`nudge ${SMALLER}`, `sighted ${SMALLER}`]);
    expect(scene.feed(heard(SMALLER), heard(SMALLER))).toEqual([]);
    expect(scene.feed(accepted(SMALLER))).toEqual(linked(1, 1));
    scene.pass(5_000);
    expect(scene.feed(heard(SMALLER))).toEqual([]);
  });

  test('is dialled where it stays alive and does not dial: soon by the larger address, later by the smaller (§9.1(4))', () => {
    expect(new Scene().dialAfter(SMALLER)).toBeGreaterThanOrEqual(500 + 250);
    expect(new Scene().dialAfter(SMALLER)).toBeLessThanOrEqual(1_000 + 250);
    expect(new Scene().dialAfter(LARGER)).toBeGreaterThanOrEqual(1_500 + 250);
    expect(new Scene().dialAfter(LARGER)).toBeLessThanOrEqual(2_000 + 250);
  });

  test('is not dialled while it is silent: it may be stalled, and dial when it wakes', () => {
    const scene = new Scene();
    scene.feed(heard(SMALLER));
    expect(scene.pass(14_000)).toEqual([]);
    scene.feed(heard(SMALLER));
    expect(scene.pass(249)).toEqual([]);
    expect(scene.feed(accepted(SMALLER))).toEqual(linked(1, 1));
    expect(scene.pass(5_000)).toEqual([]);
  });

  test('is forgotten after a long silence', () => {
    const scene = new Scene();
    scene.feed(heard(SMALLER));
    scene.pass(16_000);
    expect(scene.rules.stateOf(SMALLER)).toBe('unknown');
  });

  test('that cannot be reached is tried again after 1, 2, 4 and at most 8 s (§9.1(5))', () => {
    const scene = new Scene();
    const waits = [1, 2, 3, 4, 5].map(() => {
      scene.dialAfter(SMALLER);
      scene.feed(failed(SMALLER));
      const began = scene.now;
      while (scene.rules.stateOf(SMALLER) === 'resting') {
        scene.pass(100);
        scene.feed(heard(SMALLER));
      }
      return Math.round((scene.now - began) / 1_000);
    });
    expect(waits).toEqual([1, 2, 4, 8, 8]);
  });

  test('is nobody where it is our own, or of no network of ours (§9.1(2))', () => {
    const scene = new Scene();
    expect(scene.feed(heard(OWN), heard('192.168.7.7'), heard('fe80::1'))).toEqual([]);
    expect(scene.rules.counts).toMatchObject({ received: 3, own: 1, untrusted: 2 });
  });

  test('among floods of others costs a bounded number of nudges and dials (§9.1(8))', () => {
    const scene = new Scene();
    let nudges = 0;
    let dials = 0;
    const count = (told: readonly string[]): void => {
      nudges += told.filter((one) => one.startsWith('nudge')).length;
      for (const one of told.filter((line) => line.startsWith('dial'))) {
        dials++;
        scene.feed(failed(one.slice('dial '.length)));
      }
    };
    for (let second = 0; second < 10; second++) {
      for (let host = 0; host < 250; host++) count(scene.feed(heard(`10.0.0.${host}`)));
      count(scene.pass(1_000));
    }
    expect(nudges).toBeLessThan(250 * 10);
    expect(dials).toBeLessThanOrEqual(20 + 10 * 10);
    expect(scene.rules.counts.limited).toBeGreaterThan(0);
  });
});

describe('a link', () => {
  test('takes the connection of the other direction as its second, for 5 s', () => {
    const scene = new Scene();
    scene.dialAfter(SMALLER);
    expect(scene.feed(dialled(SMALLER))).toEqual([`made ${SMALLER} 1 2 ours false`]);
    expect(scene.pass(250)).toEqual([`linked ${SMALLER}`]);
    scene.pass(4_750);
    expect(scene.feed(accepted(SMALLER, 3))).toEqual([`joined ${SMALLER} 3 theirs`]);
  });

  test('by our dial is seen once it has not been turned away, or the peer dials as well (§9.1(6))', () => {
    const refused = new Scene();
    refused.dialAfter(SMALLER);
    refused.feed(dialled(SMALLER, 1));
    expect(refused.pass(249)).toEqual([]);
    expect(refused.feed(unlinked(SMALLER, 1))).toEqual([`lost ${SMALLER}`]);
    expect(refused.rules.stateOf(SMALLER)).toBe('resting');

    const crossed = new Scene();
    crossed.dialAfter(SMALLER);
    crossed.feed(dialled(SMALLER, 1));
    expect(crossed.feed(accepted(SMALLER, 2))).toEqual([
      `joined ${SMALLER} 2 theirs`,
      `linked ${SMALLER}`,
    ]);
    expect(crossed.pass(5_000)).toEqual([]);
  });

  test('that begins while our dial is out takes that as its second', () => {
    const scene = new Scene();
    scene.dialAfter(SMALLER);
    expect(scene.feed(accepted(SMALLER, 1))).toEqual([
      `made ${SMALLER} 1 1 theirs true`,
      `linked ${SMALLER}`,
    ]);
    expect(scene.feed(dialled(SMALLER, 2))).toEqual([`joined ${SMALLER} 2 ours`]);
  });

  test('gives way to a new one when its peer dials again, or so late: that is another life of it (§9.1(7))', () => {
    const again = new Scene();
    again.feed(accepted(SMALLER, 1));
    const replaced = [`lost ${SMALLER}`, ...linked(2, 5)];
    expect(again.feed(accepted(SMALLER, 5))).toEqual(replaced);
    expect(again.feed(unlinked(SMALLER, 1))).toEqual([]); // the old one's end, which was told
    expect(again.rules.stateOf(SMALLER)).toBe('linked');

    const late = new Scene();
    late.dialAfter(SMALLER);
    late.feed(dialled(SMALLER, 1));
    late.pass(5_001);
    expect(late.feed(accepted(SMALLER, 5))).toEqual(replaced);
  });

  test('that is lost leaves the address as if it had never been heard', () => {
    const scene = new Scene();
    scene.feed(accepted(SMALLER));
    expect(scene.feed(unlinked(SMALLER))).toEqual([`lost ${SMALLER}`]);
    expect(scene.feed(heard(SMALLER))).toEqual([`nudge ${SMALLER}`, `sighted ${SMALLER}`]);
  });

  test('that we ended is not made again by us, but by the peer', () => {
    const scene = new Scene();
    scene.feed(accepted(SMALLER), unlinked(SMALLER, 1, true));
    for (let second = 0; second < 20; second++) {
      expect([...scene.feed(heard(SMALLER)), ...scene.pass(1_000)]).toEqual([]);
    }
    expect(scene.feed(accepted(SMALLER, 9))).toEqual(linked(2, 9));
  });

  test('too many are refused and not dialled', () => {
    const scene = new Scene({ maxPeers: 1 });
    scene.feed(accepted(LARGER, 1));
    expect(scene.feed(accepted(SMALLER, 2))).toEqual(['refuse 2 true']);
    for (let second = 0; second < 5; second++) {
      const told = [...scene.feed(heard(SMALLER)), ...scene.pass(1_000)];
      expect(told.filter((one) => one.startsWith('dial'))).toEqual([]);
    }
    scene.feed(unlinked(LARGER, 1, true));
    scene.dialAfter(SMALLER);
  });
});

describe('stopping', () => {
  test('gives up dials and turns strangers away, and keeps links', () => {
    const scene = new Scene();
    scene.dialAfter(SMALLER);
    scene.feed(accepted(LARGER, 1));
    expect(scene.feed(stop)).toEqual([`abandon ${SMALLER}`, 'deafen']);
    expect(scene.feed(dialled(SMALLER, 2), accepted(SMALLER, 3))).toEqual([
      'refuse 2 false',
      'refuse 3 false',
    ]);
    expect(scene.rules.stateOf(LARGER)).toBe('linked');
  });

  test('waits while the peer of a link that we dialled may be dialling (§9.1(9))', () => {
    const scene = new Scene({ once: true });
    scene.dialAfter(SMALLER);
    scene.feed(dialled(SMALLER, 1));
    scene.pass(1_000);
    expect(scene.feed(stop)).toEqual([]);
    expect(scene.feed(accepted(LARGER, 7))).toEqual(['refuse 7 false']);
    expect(scene.feed(accepted(SMALLER, 2))).toEqual([`joined ${SMALLER} 2 theirs`, 'deafen']);

    const other = new Scene();
    other.dialAfter(SMALLER);
    other.feed(dialled(SMALLER, 1));
    other.pass(1_000);
    expect([...other.feed(stop), ...other.pass(3_999)]).toEqual([]);
    expect(other.pass(1)).toEqual(['deafen']);
  });

  test('can be followed by another start', () => {
    const scene = new Scene();
    scene.feed(accepted(SMALLER), stop);
    expect(scene.rules.handle(start, scene.now)).toEqual([{ kind: 'announce' }]);
    expect(scene.feed(heard(SMALLER))).toEqual([]);
    expect(scene.feed(heard(LARGER))).toEqual([`nudge ${LARGER}`, `sighted ${LARGER}`]);
  });

  test('one to one: after the first link nobody is looked for or let in', () => {
    const scene = new Scene({ once: true });
    scene.dialAfter(LARGER);
    expect(scene.feed(accepted(SMALLER, 1))).toEqual([...linked(1, 1), `abandon ${LARGER}`]);
    expect(scene.feed(accepted(LARGER, 2))).toEqual(['refuse 2 false']);
    expect(scene.feed(accepted(SMALLER, 3))).toEqual(['refuse 3 false']);
    expect(scene.feed(heard('10.0.0.77'))).toEqual([]);
  });

  test('one to one: one dial at a time, for none can be taken back', () => {
    const scene = new Scene({ once: true });
    scene.dialAfter(SMALLER);
    const others = ['10.0.0.3', '10.0.0.4'];
    const hear = (): string[] => [...scene.feed(...others.map(heard)), ...scene.pass(1_000)];
    expect([...hear(), ...hear(), ...hear()].filter((one) => one.startsWith('dial'))).toEqual([]);
    scene.feed(failed(SMALLER));
    const dials = [...hear(), ...hear(), ...hear()].filter((one) => one.startsWith('dial'));
    expect(dials).toHaveLength(1);
  });
});
