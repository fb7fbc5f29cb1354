import {
  ByteWriter,
  readOpen,
  CableCarError,
  FRAME,
  FrameDecoder,
  writeAck,
  writeClose,
  writeEcho,
  writeOpen,
} from '@cablecar/core-protocol';
import { describe, expect, it } from 'vitest';
import { SessionMachine } from './session-machine.ts';
import { SESSION_TRANSITIONS } from './session-transitions.ts';
import type { SessionAction, SessionEvent, SessionInput } from './session-types.ts';

type Name = SessionMachine['state'];
type Input = SessionInput | { readonly kind: 'wake' };
type Output = SessionAction | { readonly kind: 'event'; readonly event: SessionEvent };

const settings = {
  windowMessages: 100,
  windowBytes: 10_000,
  maxMessageBytes: 5_000,
  catalog: new Uint8Array([0]),
  heartbeatIntervalMs: 1_000,
  suspectAfterMs: 3_000,
  silenceTimeoutMs: 6_000,
  resumable: true,
  resumeWindowMs: 30_000,
};
const open = {
  received: 0,
  grantedMessages: 8,
  grantedBytes: 800,
  maxMessageBytes: 5_000,
  catalog: settings.catalog,
};

function control(write: (writer: ByteWriter) => void): Input {
  const writer = new ByteWriter();
  write(writer);
  const frames = new FrameDecoder(5_000);
  frames.push(writer.copyItem());
  expect(frames.next()).toBe(true);
  const { type, bytes, start, end } = frames;
  return { kind: 'control', type, bytes, start, end };
}

/** The types of the control frames among outputs. */
function frameTypes(outputs: readonly Output[]): number[] {
  const frames = new FrameDecoder(5_000);
  const types: number[] = [];
  for (const output of outputs) {
    if (output.kind !== 'control') continue;
    frames.push(output.bytes);
    while (frames.next()) types.push(frames.type);
  }
  return types;
}

const received = (messages: number, bytes = messages * 10, taken = 0): Input => ({
  kind: 'received',
  messages,
  bytes,
  taken,
  takenBytes: taken * 10,
});
const close = (isDelivered = true): Input => ({
  kind: 'close',
  isDelivered,
  flushTimeoutMs: 2_000,
  reason: 'done',
});
const fault = new CableCarError('ERR_FRAME', 'seen, expected');
const peerOpen = (received = 0): Input =>
  control((writer) => writeOpen(writer, { ...open, received }));
const ack = (count: number): Input =>
  control((writer) =>
    writeAck(writer, { received: count, grantedMessages: 50, grantedBytes: 5_000 }),
  );

/** How to bring a fresh machine into each state, by time 0. */
const PATHS: Record<Name, readonly Input[]> = {
  idle: [],
  opening: [{ kind: 'start' }],
  open: [{ kind: 'start' }, peerOpen()],
  suspended: [{ kind: 'start' }, peerOpen(), { kind: 'down' }],
  ending: [{ kind: 'start' }, peerOpen(), close()],
  closed: [{ kind: 'start' }, { kind: 'lost', error: undefined }],
};

/** Every input in every flavour that matters, with the time at which it comes. */
const FLAVOURS: readonly { input: Input; at: number }[] = [
  { input: { kind: 'start' }, at: 1 },
  { input: peerOpen(), at: 1 },
  { input: ack(5), at: 1 },
  { input: control((writer) => writeEcho(writer, FRAME.PING, 7)), at: 1 },
  { input: control((writer) => writeEcho(writer, FRAME.PONG, 1)), at: 1 },
  { input: control((writer) => writeClose(writer, { code: 0, reason: 'bye' })), at: 1 },
  { input: control((writer) => writeClose(writer, { code: 1, reason: 'bad' })), at: 1 },
  { input: { kind: 'control', type: FRAME.ACK, bytes: Buffer.alloc(0), start: 0, end: 0 }, at: 1 },
  { input: { kind: 'control', type: 12, bytes: Buffer.alloc(0), start: 0, end: 0 }, at: 1 },
  {
    input: { kind: 'control', type: FRAME.HELLO, bytes: Buffer.alloc(0), start: 0, end: 0 },
    at: 1,
  },
  { input: received(0), at: 1 },
  { input: received(30), at: 1 },
  { input: received(101), at: 1 },
  { input: { kind: 'taken', messages: 0, bytes: 0 }, at: 1 },
  { input: { kind: 'flush' }, at: 1 },
  { input: { kind: 'sighted' }, at: 1 },
  { input: close(), at: 1 },
  { input: close(false), at: 1 },
  { input: { kind: 'delivered' }, at: 1 },
  { input: { kind: 'destroy' }, at: 1 },
  { input: { kind: 'fault', error: fault }, at: 1 },
  { input: { kind: 'ended' }, at: 1 },
  { input: { kind: 'down' }, at: 1 },
  { input: { kind: 'up' }, at: 1 },
  { input: { kind: 'lost', error: undefined }, at: 1 },
  { input: { kind: 'wake' }, at: 1 },
  { input: { kind: 'wake' }, at: 2_000 },
  { input: { kind: 'wake' }, at: 6_000 },
  { input: { kind: 'wake' }, at: 30_000 },
];

function machineIn(state: Name, { resumable = true, parting = false } = {}): SessionMachine {
  const machine = new SessionMachine({ ...settings, resumable });
  for (const input of PATHS[state]) machine.handle(input, 0);
  if (parting) machine.handle(close(false), 0);
  expect(machine.state).toBe(state);
  return machine;
}

const ends = (outputs: readonly Output[]): unknown[] =>
  outputs.filter((output) => output.kind === 'event' && output.event.kind === 'end');

describe('SessionMachine', () => {
  it('walks every cell of the table and no other edge (§6)', () => {
    const walked = new Set<string>();
    const legal = new Set<string>();
    for (const [from, inputs] of Object.entries(SESSION_TRANSITIONS)) {
      for (const [kind, targets] of Object.entries(inputs)) {
        for (const to of targets) legal.add(`${from} -${kind}-> ${to}`);
      }
      for (const { input, at } of FLAVOURS) {
        for (const resumable of [true, false]) {
          for (const parting of from === 'idle' ? [false] : [true, false]) {
            if (from === 'suspended' && !resumable) continue;
            const machine = machineIn(from as Name, { resumable, parting });
            machine.handle(input, at);
            walked.add(`${from} -${input.kind}-> ${machine.state}`);
          }
        }
      }
    }
    expect([...walked].sort()).toEqual([...legal].sort());
  });

  it('tells the end exactly once, whatever comes in whatever order', () => {
    let seed = 1;
    const next = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let run = 0; run < 3_000; run++) {
      const machine = new SessionMachine(settings);
      machine.handle({ kind: 'start' }, 0);
      let told = 0;
      let now = 0;
      for (let step = 0; step < 12; step++) {
        const { input, at } = FLAVOURS[next(FLAVOURS.length)] as (typeof FLAVOURS)[number];
        now += at;
        told += ends(machine.handle(input, now)).length;
      }
      told += ends(machine.handle({ kind: 'lost', error: undefined }, now)).length;
      expect(told, `run ${run}`).toBe(1);
      expect(machine.nextDeadline()).toBeUndefined();
    }
  });

  it('never asks for a wake that changes nothing', () => {
    for (const state of ['opening', 'open', 'suspended', 'ending'] as const) {
      for (const parting of [true, false]) {
        for (const resumable of state === 'suspended' ? [true] : [true, false]) {
          const machine = machineIn(state, { resumable, parting });
          let wakes = 0;
          for (let at = machine.nextDeadline(); at !== undefined; at = machine.nextDeadline()) {
            machine.handle({ kind: 'wake' }, at);
            expect(++wakes, state).toBeLessThan(20);
          }
        }
      }
    }
  });

  it('sends OPEN first and nothing else before the peer has sent its own (§6.1)', () => {
    const machine = new SessionMachine(settings);
    expect(frameTypes(machine.handle({ kind: 'start' }, 0))).toEqual([FRAME.OPEN]);
    expect(machine.handle({ kind: 'flush' }, 1)).toEqual([]);
    const opened = machine.handle(peerOpen(), 2);
    expect(opened.map(({ kind }) => kind)).toEqual(['opened', 'control', 'acknowledged', 'grant']);
    expect(frameTypes(opened)).toEqual([FRAME.PING]);
  });

  it('acknowledges at once when a quarter of the window has come, else when it is asked (§6.2)', () => {
    const machine = machineIn('open');
    expect(machine.handle(received(24), 10)).toEqual([]);
    expect(machine.nextDeadline()).toBe(1_000);
    expect(frameTypes(machine.handle(received(1), 20))).toEqual([FRAME.ACK]);
    expect(machine.nextDeadline()).toBe(1_000);
  });

  it('gives credit within 100 ms where the peer has less than half of it left (§6.2)', () => {
    const machine = machineIn('open');
    machine.handle(received(49), 10);
    machine.handle({ kind: 'taken', messages: 1, bytes: 10 }, 20);
    expect(machine.nextDeadline()).toBe(1_000);
    machine.handle(received(2), 30);
    expect(machine.nextDeadline()).toBe(130);
    machine.handle({ kind: 'taken', messages: 2, bytes: 20 }, 40);
    expect(frameTypes(machine.handle({ kind: 'wake' }, 129))).toEqual([]);
    expect(frameTypes(machine.handle({ kind: 'wake' }, 130))).toEqual([FRAME.ACK]);
    expect(machine.nextDeadline()).toBe(1_000);
  });

  it('answers a PING with what has arrived, then a PONG (§6.3)', () => {
    const machine = machineIn('open');
    machine.handle(received(1), 10);
    const ping = control((writer) => writeEcho(writer, FRAME.PING, 99));
    expect(frameTypes(machine.handle(ping, 11))).toEqual([FRAME.ACK, FRAME.PONG]);
    expect(frameTypes(machine.handle(ping, 12))).toEqual([FRAME.PONG]);
  });

  it('gives credit back only for what the application took (§6.2)', () => {
    const machine = machineIn('open');
    machine.handle(received(100), 1);
    const over = machine.handle(received(1), 2);
    expect(over.find((output) => output.kind === 'event')).toMatchObject({
      event: { code: 'fault', error: { code: 'ERR_FLOW' } },
    });
    const patient = machineIn('open');
    patient.handle(received(100), 1);
    expect(frameTypes(patient.handle({ kind: 'taken', messages: 100, bytes: 1_000 }, 2))).toEqual([
      FRAME.ACK,
    ]);
    patient.handle(received(100), 3);
    expect(patient.state).toBe('open');
  });

  it('pings each interval, suspects after a while, and takes a connection for dead after the whole silence (§6.3)', () => {
    const machine = machineIn('open', { resumable: false });
    expect(frameTypes(machine.handle({ kind: 'wake' }, 1_000))).toEqual([FRAME.PING]);
    machine.handle(received(0), 1_500);
    expect(machine.handle({ kind: 'wake' }, 4_499).some(({ kind }) => kind === 'event')).toBe(
      false,
    );
    expect(machine.handle({ kind: 'wake' }, 4_500)[0]).toMatchObject({
      event: { kind: 'suspect' },
    });
    expect(machine.handle(received(0), 4_600)).toMatchObject([{ event: { kind: 'resume' } }]);
    machine.handle({ kind: 'wake' }, 7_600);
    expect(ends(machine.handle({ kind: 'wake' }, 10_599))).toEqual([]);
    expect(machine.handle({ kind: 'wake' }, 10_600)).toMatchObject([
      { kind: 'destroy' },
      { event: { code: 'lost', error: { code: 'ERR_PEER_SILENT' } } },
    ]);
  });

  it('has a resumable link make another connection instead of losing the peer (§6.5)', () => {
    const machine = machineIn('open');
    machine.handle({ kind: 'wake' }, 3_000);
    expect(machine.handle({ kind: 'wake' }, 6_000)).toEqual([
      { kind: 'suspend' },
      { kind: 'reconnect' },
    ]);
    expect(machine.handle({ kind: 'down' }, 6_001)).toEqual([]);
    expect(frameTypes(machine.handle({ kind: 'up' }, 7_000))).toEqual([FRAME.OPEN]);
    expect(machine.handle(peerOpen(3), 7_001)).toMatchObject([
      { kind: 'event', event: { kind: 'resume' } },
      { kind: 'control' },
      { kind: 'acknowledged', messages: 3 },
      { kind: 'grant', messages: 8, bytes: 800 },
    ]);
  });

  it('says in the OPEN of a later connection what it has received on the earlier ones (§6.5)', () => {
    const machine = machineIn('open');
    machine.handle(received(7), 1);
    machine.handle({ kind: 'down' }, 2);
    const frames = new FrameDecoder(5_000);
    for (const output of machine.handle({ kind: 'up' }, 3)) {
      if (output.kind === 'control') frames.push(output.bytes);
    }
    expect(frames.next()).toBe(true);
    expect(readOpen(frames.bytes, frames.start, frames.end)).toMatchObject({ received: 7 });
  });

  it('gives a session up when the window for resuming is over, however often it came near (§6.5)', () => {
    const machine = machineIn('suspended');
    machine.handle({ kind: 'up' }, 10_000);
    machine.handle({ kind: 'down' }, 11_000);
    expect(machine.handle({ kind: 'wake' }, 29_999)).toEqual([]);
    expect(ends(machine.handle({ kind: 'wake' }, 30_000))).toMatchObject([
      { event: { code: 'lost', error: { code: 'ERR_CONNECTION_LOST' } } },
    ]);
  });

  it('takes a peer that has received less than it said for one that breaks the protocol (§6.5)', () => {
    const machine = machineIn('open');
    machine.handle(ack(4), 1);
    machine.handle({ kind: 'down' }, 2);
    machine.handle({ kind: 'up' }, 3);
    expect(ends(machine.handle(peerOpen(3), 4))).toMatchObject([{ event: { code: 'fault' } }]);
  });

  it('says goodbye only when everything is acknowledged, or the time for it is over (§6.4)', () => {
    const machine = machineIn('open');
    expect(machine.handle(close(false), 0)).toEqual([]);
    expect(frameTypes(machine.handle({ kind: 'flush' }, 0))).toEqual([FRAME.PING]);
    expect(frameTypes(machine.handle(ack(4), 1))).toEqual([]);
    expect(frameTypes(machine.handle(ack(5), 2))).toEqual([]);
    const bye = machine.handle({ kind: 'delivered' }, 2);
    expect(frameTypes(bye)).toEqual([FRAME.CLOSE]);
    expect(bye.at(-1)).toEqual({ kind: 'end' });
    expect(machine.handle({ kind: 'ended' }, 3)).toMatchObject([
      { kind: 'destroy' },
      { event: { code: 'closed' } },
    ]);
    const late = machineIn('open', { parting: true });
    late.handle(received(0), 1_900);
    expect(frameTypes(late.handle({ kind: 'wake' }, 2_000))).toEqual([FRAME.CLOSE]);
    const away = machineIn('suspended', { parting: true });
    expect(away.handle({ kind: 'wake' }, 2_000)).toMatchObject([
      { kind: 'destroy' },
      { event: { code: 'closed' } },
    ]);
  });

  it('gives a silent connection up soon when its peer is sighted, and not where it shows life (§6.3(7))', () => {
    const machine = machineIn('open');
    expect(machine.handle({ kind: 'sighted' }, 1_000)).toEqual([]); // nobody is suspected
    machine.handle({ kind: 'wake' }, 3_100);
    machine.handle({ kind: 'sighted' }, 4_000);
    machine.handle({ kind: 'sighted' }, 4_200);
    machine.handle(received(1), 4_240);
    machine.handle({ kind: 'wake' }, 4_260);
    expect(machine.state).toBe('open');
    machine.handle({ kind: 'wake' }, 7_300);
    machine.handle({ kind: 'sighted' }, 8_000);
    machine.handle({ kind: 'wake' }, 8_249);
    expect(machine.state).toBe('open');
    expect(machine.handle({ kind: 'wake' }, 8_250).map(({ kind }) => kind)).toContain('reconnect');
  });

  it('accuses nobody of a silence that it slept through, and asks at once who is there (§6.3)', () => {
    const machine = machineIn('open');
    expect(frameTypes(machine.handle({ kind: 'wake', hasSlept: true }, 60_000))).toEqual([
      FRAME.PING,
    ]);
    expect(machine.state).toBe('open');
    expect(machine.nextDeadline()).toBe(61_000);
  });

  it('measures the round trip of its own PING and of no other (§6.3)', () => {
    const machine = machineIn('open');
    const pong = (token: number): Input =>
      control((writer) => writeEcho(writer, FRAME.PONG, token));
    machine.handle(pong(2), 5);
    expect(machine.roundTrip.lastMs).toBeUndefined();
    machine.handle(pong(1), 8);
    expect(machine.roundTrip).toMatchObject({
      lastMs: 8,
      smoothedMs: 8,
      minimumMs: 8,
      jitterMs: 4,
    });
    machine.handle(pong(1), 9);
    expect(machine.roundTrip.lastMs).toBe(8);
  });

  it('skips control frames of later versions (§5.2)', () => {
    const machine = machineIn('open');
    expect(
      machine.handle({ kind: 'control', type: 15, bytes: Buffer.from([1]), start: 0, end: 1 }, 1),
    ).toEqual([]);
    expect(machine.state).toBe('open');
  });
});
