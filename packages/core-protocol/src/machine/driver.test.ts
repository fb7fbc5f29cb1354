import { describe, expect, it } from 'vitest';
import type { Clock, Millis, Timer } from '../ports/clock.ts';
import { Driver } from './driver.ts';
import type { EventOutput, Machine, Wake } from './machine.ts';

interface SetTimer {
  readonly due: Millis;
  readonly callback: () => void;
  cancelled: boolean;
}

/** Time that stands still until the test moves it. */
class TestClock implements Clock {
  time = 0;
  /** What the time of day is ahead. */
  lead = 0;
  readonly timers: SetTimer[] = [];

  now(): Millis {
    return this.time;
  }

  wallNow(): Millis {
    return this.time + this.lead;
  }

  setTimer(delayMs: Millis, callback: () => void): Timer {
    const timer: SetTimer = { due: this.time + delayMs, callback, cancelled: false };
    this.timers.push(timer);
    return { cancel: () => void (timer.cancelled = true) };
  }

  endOfTurn(callback: () => void): void {
    queueMicrotask(callback);
  }

  /** When the timers that are set will fire. */
  get due(): Millis[] {
    return this.timers.filter(({ cancelled }) => !cancelled).map(({ due }) => due);
  }

  /** Fires the one timer that is set, at the given time. */
  fire(at: Millis): void {
    this.time = at;
    const timer = this.timers.find(({ cancelled }) => !cancelled) as SetTimer;
    timer.cancelled = true;
    timer.callback();
  }
}

interface Say {
  readonly kind: 'say';
  readonly outputs: readonly string[];
  readonly deadline?: Millis;
}
interface Act {
  readonly kind: 'act';
  readonly name: string;
}
type Output = Act | EventOutput<string>;

const act = (name: string): Act => ({ kind: 'act', name });
const event = (name: string): EventOutput<string> => ({ kind: 'event', event: name });

/** Puts out what the input says, in which `!x` is an event and `x` an action, and wants the wake that it says. */
class Parrot implements Machine<Say, Output> {
  readonly handled: string[] = [];
  deadline: Millis | undefined;
  wakes = 0;

  handle(input: Say | Wake, now: Millis): readonly Output[] {
    if (input.kind === 'wake') {
      this.handled.push(`wake@${now}${input.hasSlept ? ' after sleep' : ''}`);
      if (this.deadline === undefined || now < this.deadline) return [];
      this.deadline = undefined;
      return [event('expired')];
    }
    this.handled.push(`${input.outputs.join(',')}@${now}`);
    this.deadline = input.deadline;
    return input.outputs.map((name) => (name.startsWith('!') ? event(name.slice(1)) : act(name)));
  }

  nextDeadline(): Millis | undefined {
    return this.deadline;
  }
}

const say = (...outputs: string[]): Say => ({ kind: 'say', outputs });
const until = (deadline: Millis, ...outputs: string[]): Say => ({ kind: 'say', outputs, deadline });

function makeDriver(on: { [name: string]: () => void } = {}) {
  const clock = new TestClock();
  const machine = new Parrot();
  /** What happened, in order; an event with the timers that were set as it was told. */
  const log: string[] = [];
  const steps: string[] = [];
  const driver: Driver<Say, Act, string> = new Driver<Say, Act, string>({
    machine,
    clock,
    perform({ name }) {
      log.push(name);
      on[name]?.();
    },
    deliver(name) {
      log.push(`!${name} [${clock.due.join()}]`);
      on[`!${name}`]?.();
    },
    onStep: (input, outputs) => void steps.push(`${input.kind} ${outputs.length}`),
  });
  return { driver, clock, machine, log, steps };
}

describe('Driver', () => {
  it('performs actions at once and in order, then arms the timer, then delivers the events', () => {
    const { driver, clock, log } = makeDriver();
    driver.feed(until(50, '!first', 'a', '!second', 'b'));
    expect(log).toEqual(['a', 'b', '!first [50]', '!second [50]']);
    expect(clock.due).toEqual([50]);
  });

  it('gives the machine the present time', () => {
    const { driver, clock, machine } = makeDriver();
    driver.feed(say('a'));
    clock.time = 7.5;
    driver.feed(say('b'));
    expect(machine.handled).toEqual(['a@0', 'b@7.5']);
  });

  it('handles what an action feeds after the actions under way and before any event', () => {
    const { driver, log } = makeDriver({ a: () => feed(say('c', '!later')) });
    const feed = (input: Say): void => driver.feed(input);
    driver.feed(say('a', '!event', 'b'));
    expect(log).toEqual(['a', 'b', 'c', '!event []', '!later []']);
  });

  it('handles what a listener feeds before the next event, and delivers events in order of their making', () => {
    const { driver, log } = makeDriver({ '!first': () => feed(until(9, 'a', '!third')) });
    const feed = (input: Say): void => driver.feed(input);
    driver.feed(say('!first', '!second'));
    expect(log).toEqual(['!first []', 'a', '!second [9]', '!third [9]']);
  });

  it('handles several inputs of one listener in their order', () => {
    const { driver, machine, log } = makeDriver({
      '!go': () => {
        feed(say('a'));
        feed(say('b', '!done'));
        feed(say('c'));
        log.push('fed');
      },
    });
    const feed = (input: Say): void => driver.feed(input);
    driver.feed(say('!go'));
    expect(machine.handled).toEqual(['!go@0', 'a@0', 'b,!done@0', 'c@0']);
    expect(log).toEqual(['!go []', 'fed', 'a', 'b', 'c', '!done []']);
  });

  it('shows every step, wakes included', () => {
    const { driver, clock, steps } = makeDriver();
    driver.feed(until(5, 'a', '!b'));
    clock.fire(5);
    expect(steps).toEqual(['say 2', 'wake 1']);
  });

  it('goes on after an action that threw, and loses neither the inputs that wait nor the events made before', () => {
    const { driver, log } = makeDriver({
      bad: () => {
        feed(say('fed'));
        throw new Error('a defect');
      },
    });
    const feed = (input: Say): void => driver.feed(input);
    expect(() => driver.feed(say('!event', 'bad'))).toThrow('a defect');
    driver.feed(say('next'));
    expect(log).toEqual(['bad', 'fed', 'next', '!event []']);
  });

  describe('the timer', () => {
    it('wakes the machine at its deadline, once', () => {
      const { driver, clock, machine, log } = makeDriver();
      driver.feed(until(50));
      clock.fire(50);
      expect(machine.handled).toEqual(['@0', 'wake@50']);
      expect(log).toEqual(['!expired []']);
      expect(clock.due).toEqual([]);
    });

    it('is left alone while the deadline stays the same', () => {
      const { driver, clock } = makeDriver();
      driver.feed(until(50));
      driver.feed(until(50));
      expect(clock.timers).toHaveLength(1);
    });

    it('is replaced where the deadline is sooner, left alone where it is later, and cancelled where there is none', () => {
      const { driver, clock } = makeDriver();
      driver.feed(until(50));
      driver.feed(until(20));
      expect(clock.due).toEqual([20]);
      driver.feed(until(70));
      expect(clock.due).toEqual([20]);
      expect(clock.timers).toHaveLength(2);
      driver.feed(say());
      expect(clock.due).toEqual([]);
      driver.feed(until(70));
      expect(clock.due).toEqual([70]);
    });

    it('is set for what is left where it fires before a deadline that was moved', () => {
      const { driver, clock, machine, log } = makeDriver();
      driver.feed(until(50));
      driver.feed(until(80));
      clock.fire(50);
      expect(machine.handled).toEqual(['@0', '@0']);
      expect(clock.due).toEqual([80]);
      clock.fire(80);
      expect(machine.handled).toEqual(['@0', '@0', 'wake@80']);
      expect(log).toEqual(['!expired []']);
    });

    it('says that the host slept when the time of day has run ahead of the monotonic one', () => {
      const { driver, clock, machine } = makeDriver();
      driver.feed(until(50));
      clock.lead = 900; // somebody set the clock
      clock.fire(50);
      driver.feed(until(100));
      clock.lead = 3_600_000;
      clock.fire(100);
      driver.feed(until(150));
      clock.lead = 0;
      clock.fire(150);
      driver.feed(until(200));
      clock.lead = 2_000;
      clock.fire(200);
      const wakes = machine.handled.filter((what) => what.startsWith('wake'));
      expect(wakes).toEqual([
        'wake@50',
        'wake@100 after sleep',
        'wake@150',
        'wake@200 after sleep',
      ]);
    });

    it('is armed again where it fires too early', () => {
      const { driver, clock, machine, log } = makeDriver();
      driver.feed(until(50));
      clock.fire(49);
      expect(machine.handled).toEqual(['@0']);
      expect(clock.due).toEqual([50]);
      clock.fire(50);
      expect(log).toEqual(['!expired []']);
    });

    it('is set for the next whole millisecond, so that it does not come too early, and never for the past', () => {
      const { driver, clock } = makeDriver();
      driver.feed(until(50.2));
      expect(clock.due).toEqual([51]);
      clock.time = 100;
      driver.feed(until(40));
      expect(clock.due).toEqual([100]);
    });

    it('is armed for what came of a listener, before the next event', () => {
      const { driver, log } = makeDriver({ '!first': () => feed(until(30)) });
      const feed = (input: Say): void => driver.feed(input);
      driver.feed(until(50, '!first', '!second'));
      expect(log).toEqual(['!first [50]', '!second [30]']);
    });

    it('may fire inside of a listener; the wake waits its turn', () => {
      const { driver, clock, machine, log } = makeDriver({ '!first': () => clock.fire(50) });
      driver.feed(until(50, '!first', '!second'));
      expect(machine.handled).toEqual(['!first,!second@0', 'wake@50']);
      expect(log).toEqual(['!first [50]', '!second []', '!expired []']);
    });
  });

  describe('stop()', () => {
    it('cancels the timer and takes no more inputs', () => {
      const { driver, clock, machine } = makeDriver();
      driver.feed(until(50));
      driver.stop();
      driver.feed(say('a'));
      expect(clock.due).toEqual([]);
      expect(machine.handled).toEqual(['@0']);
    });

    it('from a listener drops the inputs that wait and delivers the events already caused', () => {
      const { driver, clock, machine, log } = makeDriver({
        '!first': () => {
          driver.feed(until(90, 'a'));
          driver.stop();
        },
      });
      driver.feed(until(50, '!first', '!second'));
      expect(machine.handled).toEqual(['!first,!second@0']);
      expect(log).toEqual(['!first [50]', '!second []']);
      expect(clock.due).toEqual([]);
    });

    it('from an action performs the rest of the step and arms no timer', () => {
      const { driver, clock, log } = makeDriver({ a: () => driver.stop() });
      driver.feed(until(50, 'a', 'b', '!event'));
      expect(log).toEqual(['a', 'b', '!event []']);
      expect(clock.due).toEqual([]);
    });

    it('is harmless a second time, and before anything was fed', () => {
      const { driver, log } = makeDriver();
      driver.stop();
      driver.stop();
      driver.feed(say('a'));
      expect(log).toEqual([]);
    });
  });
});
