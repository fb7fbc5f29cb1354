import { describe, expect, it } from 'vitest';
import { FAULTS } from './swarm/fault-names.ts';
import { Ledger, Violation } from './swarm/ledger.ts';
import { Small } from './swarm/messages.ts';
import { planOf } from './swarm/plan.ts';
import { count, describe as inWords, emptyTally } from './swarm/report.ts';
import { runSchedule } from './swarm/schedule.ts';

const SEEDS = 300;

describe('the swarm', () => {
  it(`finds nothing wrong in ${SEEDS} schedules, with every fault and every end among them`, async () => {
    const tally = emptyTally();
    for (let seed = 1; seed <= SEEDS; seed++) {
      await runSchedule(seed).then(
        (outcome) => count(tally, outcome),
        (thrown: unknown) => tally.failures.push({ seed, sentence: String(thrown) }),
      );
    }
    console.log(inWords(tally, 1));
    expect(tally.failures).toEqual([]);
    expect(Object.keys(tally.faults).toSorted()).toEqual([...FAULTS].toSorted());
    expect(Object.keys(tally.ends)).toEqual(expect.arrayContaining(['closed', 'goodbye', 'lost']));
  }, 120_000);

  it('goes the same way when a seed is run again', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const [one, other] = [
        await runSchedule(seed, { transcript: true }),
        await runSchedule(seed, { transcript: true }),
      ];
      expect(one).toEqual(other);
    }
  }, 60_000);

  it('decides everything by the seed', () => {
    expect(planOf(7)).toEqual(planOf(7));
    expect(planOf(7)).not.toEqual(planOf(8));
  });

  describe('and its ledger', () => {
    const talk = (ledger: Ledger) => {
      const said = ledger.beginTalk({ from: 'ada', life: 1, peerLife: 2, number: 1 });
      const heard = ledger.beginHearing('bob', 2);
      const hear = (number: number, life = 1): void =>
        ledger.hear(heard, new Small({ life, talk: 1, number }));
      said.reliable = said.total = 3;
      return { said, hear };
    };

    it.each([
      ['a message twice', [0, 1, 1]],
      ['one missing', [0, 2]],
      ['two in the wrong order', [1, 0]],
    ])('sees %s', (_, numbers) => {
      const { hear } = talk(new Ledger());
      expect(() => numbers.forEach((number) => hear(number))).toThrow(Violation);
    });

    it('sees words of another life', () => {
      const ledger = new Ledger();
      const { hear } = talk(ledger);
      ledger.beginTalk({ from: 'ada', life: 3, peerLife: 2, number: 1 });
      hear(0);
      expect(() => hear(0, 3)).toThrow('in the middle of');
    });

    it('sees a count of undelivered messages that is too small', () => {
      const ledger = new Ledger();
      const { said, hear } = talk(ledger);
      hear(0);
      const end = (undelivered: number): void =>
        void (said.end = { code: 'lost', reason: '', error: undefined, undelivered });
      end(2);
      expect(ledger.unheard()).toBeUndefined();
      end(1);
      expect(ledger.unheard()).toContain('2 of 1.1 were confirmed, 1 were heard');
    });
  });
});
