import { CableCarError } from '@cablecar/core-protocol';
import { describe, expect, test } from 'vitest';
import { MergeMachine, type MergeSettings } from './merge-machine.ts';
import { MERGE_TRANSITIONS, type MergeStateName } from './merge-transitions.ts';
import type { MergeInput, Side } from './merge-types.ts';

type Input = MergeInput | { readonly kind: 'wake' };

const error = new CableCarError('ERR_CONNECTION_LOST', 'seen, expected');
const joined = (side: Side): Input => ({ kind: 'joined', side });
const spoke = (side: Side): Input => ({ kind: 'spoke', side });
const ended = (side: Side): Input => ({ kind: 'ended', side, error });
const use = (side: Side) => ({ kind: 'use', side });
const inherit = (side: Side) => ({ kind: 'inherit', side });
const drop = (side: Side) => ({ kind: 'drop', side });
const finish: Input = { kind: 'finish' };
const destroy: Input = { kind: 'destroy' };
const wake: Input = { kind: 'wake' };

function machine(settings: Partial<MergeSettings> = {}): MergeMachine {
  return new MergeMachine({
    first: 'ours',
    isCrossing: false,
    guess: 'ours',
    now: 0,
    ...settings,
  });
}

/** One with both connections, of which ours was there first, at 10 ms. */
function crossed(settings: Partial<MergeSettings> = {}, ...inputs: readonly Input[]): MergeMachine {
  const rules = machine(settings);
  for (const input of [joined('theirs'), ...inputs]) rules.handle(input, 10);
  return rules;
}

describe('the rules of merging', () => {
  test('walk every cell of the table and no other edge', () => {
    const paths: Record<MergeStateName, readonly (() => MergeMachine)[]> = {
      undecided: [() => machine(), () => crossed()],
      decided: [
        () => machine({ first: 'theirs' }),
        () => crossed({}, spoke('ours')),
        () => {
          const late = machine();
          late.handle(wake, 250);
          return late;
        },
      ],
      finishing: [() => crossed({}, finish), () => machine({ first: 'theirs' })].map(
        (make) => () => {
          const rules = make();
          rules.handle(finish, 20);
          return rules;
        },
      ),
      over: [() => crossed({}, destroy)],
    };
    const sides = ['theirs', 'ours'] as const;
    const inputs = [
      ...sides.flatMap((side) => [joined(side), spoke(side), ended(side)]),
      ...[finish, destroy, wake],
    ];
    const walked = new Set<string>();
    for (const [from, makers] of Object.entries(paths)) {
      for (const make of makers) {
        for (const input of inputs) {
          for (const at of [20, 5_000]) {
            const rules = make();
            expect(rules.state).toBe(from);
            rules.handle(input, at);
            walked.add(`${from} -${input.kind}-> ${rules.state}`);
          }
        }
      }
    }
    const legal = Object.entries(MERGE_TRANSITIONS).flatMap(([from, row]) =>
      Object.entries(row as Record<string, readonly string[]>).flatMap(([kind, nexts]) =>
        nexts.map((to) => `${from} -${kind}-> ${to}`),
      ),
    );
    expect([...walked].sort()).toEqual([...new Set(legal)].sort());
  });

  test('the peer’s own connection is used at once where nothing else is under way', () => {
    expect(machine({ first: 'theirs' }).use).toBe('theirs');
    expect(machine({ first: 'theirs', isCrossing: true }).use).toBeUndefined();
  });

  test('ours is used once the peer had the time to dial, or as soon as it speaks', () => {
    const silent = machine();
    expect(silent.use).toBeUndefined();
    expect(silent.nextDeadline()).toBe(250);
    expect(silent.handle(wake, 249)).toEqual([]);
    expect(silent.handle(wake, 250)).toEqual([use('ours')]);
    expect(silent.nextDeadline()).toBeUndefined();
    expect(machine().handle(spoke('ours'), 1)).toEqual([use('ours')]);
  });

  test('of two, the one that the peer speaks on is used (§9.4(3))', () => {
    for (const side of ['ours', 'theirs'] as const) {
      expect(crossed().handle(spoke(side), 11)).toEqual([use(side)]);
    }
  });

  test('of two on which nobody speaks, the one that both ends would guess is used (§9.4(4))', () => {
    for (const guess of ['ours', 'theirs'] as const) {
      const rules = crossed({ guess });
      expect(rules.nextDeadline()).toBe(1_010);
      expect(rules.handle(wake, 1_010)).toEqual([use(guess)]);
    }
  });

  test('the one that was written to before is guessed, so that what follows arrives behind it', () => {
    const rules = machine({ guess: 'theirs' });
    rules.handle(wake, 250);
    expect(rules.handle(joined('theirs'), 300)).toEqual([]);
    expect(rules.use).toBeUndefined();
    expect(rules.handle(wake, 1_300)).toEqual([use('ours')]);
  });

  test('one that is proven is not doubted because another joins', () => {
    const rules = machine();
    rules.handle(spoke('ours'), 5);
    expect(rules.handle(joined('theirs'), 10)).toEqual([]);
    expect(rules.use).toBe('ours');
  });

  test('a peer that goes on to speak on the other one is followed', () => {
    const rules = crossed({}, spoke('theirs'));
    expect(rules.handle(spoke('ours'), 20)).toEqual([use('ours')]);
    expect(rules.handle(spoke('theirs'), 2_000)).toEqual([use('theirs')]);
  });

  test('but not where its word may be older than that on our connection, which it took later', () => {
    const rules = crossed({}, spoke('ours'));
    expect(rules.handle(spoke('theirs'), 259)).toEqual([]);
    expect(rules.use).toBe('ours');
    expect(rules.handle(spoke('theirs'), 260)).toEqual([use('theirs')]);
  });

  test('a silent one that ends is dropped, and the other inherits what it took in vain (§9.4(5))', () => {
    for (const [gone, other] of [
      ['ours', 'theirs'],
      ['theirs', 'ours'],
    ] as const) {
      expect(crossed().handle(ended(gone), 20)).toEqual([inherit(other), drop(gone)]);
      const rules = crossed({}, spoke(other));
      expect(rules.handle(ended(gone), 20)).toEqual([inherit(other), drop(gone)]);
      expect(rules.use).toBe(other);
    }
  });

  test('the end of the only one that the peer spoke on is the end of the link', () => {
    expect(crossed({}, spoke('theirs')).handle(ended('theirs'), 20)).toEqual([
      { kind: 'close', error },
    ]);
  });

  test('where the peer spoke on both, the link lives as long as one of them (§9.4(6))', () => {
    const rules = crossed({}, spoke('theirs'), spoke('ours'));
    expect(rules.handle(ended('ours'), 20)).toEqual([use('theirs'), drop('ours')]);
    expect(rules.handle(ended('theirs'), 30)).toEqual([{ kind: 'close', error }]);
    expect(rules.handle(ended('theirs'), 31)).toEqual([]);
  });

  test('the last one’s end ends it, whoever spoke', () => {
    expect(machine().handle(ended('ours'), 1)).toEqual([{ kind: 'close', error }]);
  });

  test('before it finishes, what waits is written where it would have been', () => {
    const rules = crossed({ guess: 'theirs' });
    expect(rules.handle(finish, 20)).toEqual([use('theirs'), { kind: 'finish' }]);
    expect(rules.handle(finish, 21)).toEqual([]);
  });

  test('after our own goodbye no end is a loss', () => {
    const rules = crossed({}, finish);
    expect(rules.handle(ended('ours'), 20)).toEqual([drop('ours')]);
    expect(rules.handle(ended('theirs'), 21)).toEqual([{ kind: 'close', error: undefined }]);
  });

  test('a connection that joins while it finishes is finished as well', () => {
    const rules = machine();
    rules.handle(finish, 1);
    expect(rules.handle(joined('theirs'), 2)).toEqual([{ kind: 'finish' }]);
  });
});
