import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { idOf, lifeOf, type Life } from '../life.ts';
import { isAstir, isEngaged, NO_OFFERS, type DialRecord } from './dial-record.ts';
import { DialRecords } from './dial-records.ts';
import type { DialState } from './dial-types.ts';

const ENDPOINT = { host: '10.0.0.1', port: 1 };
const offers = () => new Map([[1, { known: 0, round: undefined }]]);

/** One of every kind of state, with and without offers. */
const STATES: readonly (() => DialState)[] = [
  () => ({ kind: 'idle' }),
  () => ({ kind: 'waiting', until: 5 }),
  () => ({ kind: 'dialling', dial: { endpoint: ENDPOINT, phase: 'connecting', round: 0 } }),
  () => ({ kind: 'answering', offers: offers() }),
  () => ({ kind: 'linked', round: 1, since: 0, offers: NO_OFFERS }),
  () => ({ kind: 'linked', round: 1, since: 0, offers: offers() }),
];

const life = fc
  .record({ id: fc.constantFrom('a', 'b', 'c'), epoch: fc.constantFrom('1', '2') })
  .map((one) => lifeOf(one));
const move = fc.oneof(
  { weight: 4, arbitrary: fc.record({ life, state: fc.nat({ max: STATES.length - 1 }) }) },
  { weight: 1, arbitrary: fc.record({ life, state: fc.constant('deleted' as const) }) },
  { weight: 1, arbitrary: fc.record({ life, state: fc.constant('offers withdrawn' as const) }) },
);

describe('DialRecords', () => {
  test.prop([fc.array(move, { maxLength: 60 })], { seed: 3, numRuns: 500 })(
    'know of all together what each of them says, however they change',
    (moves) => {
      const records = new DialRecords();
      const known = new Map<Life, DialRecord>();
      for (const { life: one, state } of moves) {
        const record = known.get(one) ?? records.add(one);
        known.set(one, record);
        if (state === 'deleted') {
          records.delete(record);
          known.delete(one);
        } else if (state === 'offers withdrawn') {
          if ('offers' in record.state) record.state.offers.clear();
        } else {
          records.enter(record, (STATES[state] as () => DialState)());
        }
        const all = [...known.values()];
        expect([...records]).toEqual(expect.arrayContaining(all));
        expect(records.engaged).toBe(all.filter(isEngaged).length);
        expect(new Set(records.astir())).toEqual(new Set(all.filter(isAstir)));
        for (const each of all) {
          const others = all.filter(
            (other) => other !== each && idOf(other.life) === idOf(each.life),
          );
          expect(new Set(records.otherLives(each))).toEqual(new Set(others));
        }
      }
    },
  );
});
