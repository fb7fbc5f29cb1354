import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Inbox } from './inbox.ts';
import type { Frame } from './wire.ts';

const empty = Buffer.alloc(0);
const shift = (inbox: Inbox): number => inbox.shift(({ type }) => type);
const frame = (type: number, frameBytes: number): Frame => ({
  type,
  bytes: empty,
  start: 0,
  end: 0,
  frameBytes,
});

describe('Inbox', () => {
  test.prop([fc.array(fc.boolean(), { maxLength: 500 })], { seed: 3 })(
    'is a queue, with its counts right, whatever the order of pushes and shifts',
    (script) => {
      const inbox = new Inbox();
      const model: number[] = [];
      let next = 0;
      for (const push of script) {
        if (push) {
          model.push(next);
          inbox.push(frame(next, (next++ % 7) + 1));
        } else if (model.length > 0) {
          expect(shift(inbox)).toBe(model.shift());
        }
        expect(inbox.length).toBe(model.length);
        expect(inbox.bytes).toBe(model.reduce((sum, type) => sum + (type % 7) + 1, 0));
      }
    },
  );

  it('counts what fits a budget, and lets the first through whatever its size', () => {
    const inbox = new Inbox();
    for (const size of [50, 10, 10, 10]) inbox.push(frame(1, size));
    expect(inbox.countWithin(Infinity, Infinity)).toBe(4);
    expect(inbox.countWithin(2, Infinity)).toBe(2);
    expect(inbox.countWithin(Infinity, 1)).toBe(1);
    expect(inbox.countWithin(Infinity, 60)).toBe(2);
    expect(inbox.countWithin(Infinity, 79)).toBe(3);
    expect(inbox.countWithin(0, 1)).toBe(0);
  });
});
