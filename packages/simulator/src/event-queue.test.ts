import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { EventQueue, ScheduledEvent } from './event-queue.ts';

const plans = fc.array(
  fc.record({
    at: fc.nat(5),
    rank: fc.nat(2),
    tie: fc.nat(2),
    /** Which of those queued to take out before, if any. */
    remove: fc.option(fc.nat(50), { nil: undefined }),
  }),
  { maxLength: 60 },
);

describe('the event queue', () => {
  test.prop([plans])(
    'gives events by moment, rank, tie and age, whatever was taken out between',
    (steps) => {
      const queue = new EventQueue();
      let expected: ScheduledEvent[] = [];
      for (const [seq, { remove, ...plan }] of steps.entries()) {
        const removed = remove === undefined ? undefined : expected[remove];
        if (removed) {
          queue.remove(removed);
          queue.remove(removed);
          expected = expected.filter((event) => event !== removed);
        }
        const event = new ScheduledEvent({ ...plan, seq, owner: undefined, run: () => {} });
        queue.push(event);
        expected.push(event);
      }
      expect(queue.arrivals).toBe(expected.filter(({ rank }) => rank === 0).length);
      expected.sort((a, b) => a.at - b.at || a.rank - b.rank || a.tie - b.tie || a.seq - b.seq);
      for (const event of expected) {
        expect(queue.peek()).toBe(event);
        queue.remove(event);
      }
      expect(queue.peek()).toBeUndefined();
      expect(queue.arrivals).toBe(0);
    },
  );
});
