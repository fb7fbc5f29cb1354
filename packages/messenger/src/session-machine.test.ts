import {
  ByteWriter,
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
  maxFrameBytes: 5_000,
  catalog: new Uint8Array([0]),
  heartbeatIntervalMs: 1_000,
  silenceTimeoutMs: 6_000,
};
const open = {
  windowMessages: 8,
  windowBytes: 800,
  maxFrameBytes: 5_000,
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
const close = (sent = 0): Input => ({ kind: 'close', sent, flushTimeoutMs: 2_000, reason: 'done' });
const fault = new CableCarError('ERR_FRAME', 'seen, expected');
const peerOpen = (): Input => control((writer) => writeOpen(writer, open));
const ack = (count: number): Input =>
  control((writer) =>
    writeAck(writer, { received: count, grantedMessages: 50, grantedBytes: 5_000 }),
  );

/** How to bring a fresh machine into each state, by time 0. */
const PATHS: Record<Name, readonly Input[]> = {
  idle: [],
  opening: [{ kind: 'start' }],
  open: [{ kind: 'start' }, peerOpen()],
  closing: [{ kind: 'start' }, peerOpen(), close(5)],
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
  { input: close(), at: 1 },
  { input: close(5), at: 1 },
  { input: { kind: 'destroy' }, at: 1 },
  { input: { kind: 'fault', error: fault }, at: 1 },
  { input: { kind: 'ended' }, at: 1 },
  { input: { kind: 'lost', error: undefined }, at: 1 },
  { input: { kind: 'wake' }, at: 1 },
  { input: { kind: 'wake' }, at: 2_000 },
  { input: { kind: 'wake' }, at: 6_000 },
];

function machineIn(state: Name): SessionMachine {
  const machine = new SessionMachine(settings);
  for (const input of PATHS[state]) machine.handle(input, 0);
  expect(machine.state).toBe(state);
  return machine;
}

describe('SessionMachine', () => {
  it('walks every cell of the table and no other edge (§6)', () => {
    const walked = new Set<string>();
    const legal = new Set<string>();
    for (const [from, inputs] of Object.entries(SESSION_TRANSITIONS)) {
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

  it('tells the end exactly once, whatever comes in whatever order', () => {
    let seed = 1;
    const next = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let run = 0; run < 3_000; run++) {
      const machine = new SessionMachine(settings);
      machine.handle({ kind: 'start' }, 0);
      let ends = 0;
      let now = 0;
      for (let step = 0; step < 12; step++) {
        const { input, at } = FLAVOURS[next(FLAVOURS.length)] as (typeof FLAVOURS)[number];
        now += at;
        ends += machine.handle(input, now).filter((output) => output.kind === 'event').length;
      }
      ends += machine
        .handle({ kind: 'lost', error: undefined }, now)
        .filter((o) => o.kind === 'event').length;
      expect(ends, `run ${run}`).toBe(1);
      expect(machine.nextDeadline()).toBeUndefined();
    }
  });

  it('never asks for a wake that changes nothing, before the peer has answered as well', () => {
    for (const state of ['opening', 'open', 'closing', 'ending'] as const) {
      const machine = state === 'closing' ? new SessionMachine(settings) : machineIn(state);
      if (state === 'closing')
        for (const input of [{ kind: 'start' } as const, close(5)]) machine.handle(input, 0);
      let wakes = 0;
      for (let at = machine.nextDeadline(); at !== undefined; at = machine.nextDeadline()) {
        machine.handle({ kind: 'wake' }, at);
        expect(++wakes, state).toBeLessThan(20);
      }
    }
  });

  it('sends OPEN first and nothing else before the peer has sent its own (§6.1)', () => {
    const machine = new SessionMachine(settings);
    expect(frameTypes(machine.handle({ kind: 'start' }, 0))).toEqual([FRAME.OPEN]);
    expect(machine.handle({ kind: 'flush' }, 1)).toEqual([]);
    const opened = machine.handle(peerOpen(), 2);
    expect(opened.map(({ kind }) => kind)).toEqual(['opened', 'grant', 'control']);
    expect(frameTypes(opened)).toEqual([FRAME.PING]);
  });

  it('acknowledges at once when a quarter of the window has come, else within 25 ms (§6.2)', () => {
    const machine = machineIn('open');
    expect(machine.handle(received(24), 10)).toEqual([]);
    expect(machine.nextDeadline()).toBe(35);
    expect(frameTypes(machine.handle(received(1), 20))).toEqual([FRAME.ACK]);
    machine.handle(received(1), 30);
    expect(frameTypes(machine.handle({ kind: 'wake' }, 54))).toEqual([]);
    expect(frameTypes(machine.handle({ kind: 'wake' }, 55))).toEqual([FRAME.ACK]);
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

  it('pings each interval and takes a peer for lost only after the whole silence (§6.3)', () => {
    const machine = machineIn('open');
    expect(frameTypes(machine.handle({ kind: 'wake' }, 1_000))).toEqual([FRAME.PING]);
    machine.handle(received(0), 1_500);
    expect(machine.handle({ kind: 'wake' }, 7_499).some(({ kind }) => kind === 'event')).toBe(
      false,
    );
    const lost = machine.handle({ kind: 'wake' }, 7_500);
    expect(lost).toMatchObject([
      { kind: 'destroy' },
      { event: { code: 'lost', error: { code: 'ERR_PEER_SILENT' } } },
    ]);
  });

  it('says goodbye only when everything is acknowledged, or the time for it is over (§6.4)', () => {
    const machine = machineIn('open');
    expect(frameTypes(machine.handle(close(5), 0))).toEqual([FRAME.PING]);
    expect(frameTypes(machine.handle(ack(4), 1))).toEqual([]);
    const bye = machine.handle(ack(5), 2);
    expect(frameTypes(bye)).toEqual([FRAME.CLOSE]);
    expect(bye.at(-1)).toEqual({ kind: 'end' });
    expect(machine.handle({ kind: 'ended' }, 3)).toMatchObject([
      { kind: 'destroy' },
      { event: { code: 'closed' } },
    ]);
    const late = machineIn('closing');
    late.handle(received(0), 1_900);
    expect(frameTypes(late.handle({ kind: 'wake' }, 2_000))).toEqual([FRAME.CLOSE]);
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
