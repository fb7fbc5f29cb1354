import { CableCarError } from '@cablecar/core-protocol';
import { describe, expect, it } from 'vitest';
import { CLASSIC_TRANSITIONS, ClassicMachine } from './classic-machine.ts';
import type { SessionInput } from './session-types.ts';

type Name = ClassicMachine['state'];
type Input = SessionInput | { readonly kind: 'wake' };

const nothing = Buffer.alloc(0);
const close: Input = { kind: 'close', isDelivered: true, flushTimeoutMs: 2_000, reason: 'done' };
const fault = new CableCarError('ERR_FRAME', 'seen, expected');

const PATHS: Record<Name, readonly Input[]> = {
  idle: [],
  open: [{ kind: 'start' }],
  ending: [{ kind: 'start' }, close],
  closed: [{ kind: 'start' }, { kind: 'destroy' }],
};

const FLAVOURS: readonly { input: Input; at: number }[] = [
  { input: { kind: 'start' }, at: 1 },
  { input: { kind: 'control', type: 1, bytes: nothing, start: 0, end: 0 }, at: 1 },
  { input: { kind: 'received', messages: 1, bytes: 9, taken: 1, takenBytes: 9 }, at: 1 },
  { input: { kind: 'taken', messages: 1, bytes: 9 }, at: 1 },
  { input: { kind: 'flush' }, at: 1 },
  { input: close, at: 1 },
  { input: { kind: 'delivered' }, at: 1 },
  { input: { kind: 'destroy' }, at: 1 },
  { input: { kind: 'fault', error: fault }, at: 1 },
  { input: { kind: 'ended' }, at: 1 },
  { input: { kind: 'down' }, at: 1 },
  { input: { kind: 'up' }, at: 1 },
  { input: { kind: 'lost', error: undefined }, at: 1 },
  { input: { kind: 'lost', error: fault }, at: 1 },
  { input: { kind: 'wake' }, at: 1 },
  { input: { kind: 'wake' }, at: 2_000 },
];

function machineIn(state: Name): ClassicMachine {
  const machine = new ClassicMachine();
  for (const input of PATHS[state]) machine.handle(input, 0);
  expect(machine.state).toBe(state);
  return machine;
}

describe('ClassicMachine', () => {
  it('walks every cell of the table and no other edge', () => {
    const walked = new Set<string>();
    const legal = new Set<string>();
    for (const [from, inputs] of Object.entries(CLASSIC_TRANSITIONS)) {
      for (const [kind, targets] of Object.entries(inputs)) {
        for (const to of targets) legal.add(`${from} -${kind}-> ${to}`);
      }
      for (const { input, at } of FLAVOURS) {
        const machine = machineIn(from as Name);
        machine.handle(input, at);
        walked.add(`${from} -${input.kind}-> ${machine.state}`);
      }
    }
    expect([...walked].sort()).toEqual([...legal].sort());
  });

  it('tells the end exactly once, whatever comes after it', () => {
    for (const first of FLAVOURS) {
      for (const second of FLAVOURS) {
        const machine = machineIn('open');
        const outputs = [first, second, { input: { kind: 'destroy' } as const, at: 5_000 }].flatMap(
          ({ input, at }) => machine.handle(input, at),
        );
        expect(outputs.filter(({ kind }) => kind === 'event')).toHaveLength(1);
        expect(outputs.filter(({ kind }) => kind === 'destroy')).toHaveLength(1);
      }
    }
  });

  it('takes the end of the stream for a goodbye, and an error for a loss', () => {
    expect(machineIn('open').handle({ kind: 'ended' }, 1)).toMatchObject([
      { kind: 'end' },
      { event: { code: 'goodbye' } },
    ]);
    const lost = new CableCarError('ERR_CONNECTION_LOST', 'seen, expected');
    expect(machineIn('open').handle({ kind: 'lost', error: lost }, 1)).toMatchObject([
      { kind: 'destroy' },
      { event: { code: 'lost', error: lost } },
    ]);
  });

  it('takes what the link found wrong with the peer for a fault', () => {
    expect(machineIn('open').handle({ kind: 'lost', error: fault }, 1)).toMatchObject([
      { kind: 'destroy' },
      { event: { code: 'fault', error: fault } },
    ]);
  });

  it('gives the other end as long to take what waits as the user gives', () => {
    const machine = machineIn('open');
    machine.handle({ ...close, flushTimeoutMs: 30_000 }, 0);
    expect(machine.nextDeadline()).toBe(30_000);
    expect(machine.handle({ kind: 'wake' }, 30_000)).toMatchObject([
      { kind: 'destroy' },
      { event: { code: 'closed' } },
    ]);
  });
});
