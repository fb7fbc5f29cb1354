import {
  byteMessage,
  CableCarError,
  encodeCatalog,
  FRAME,
  jsonMessage,
  MessageRegistry,
  MsgIdentify,
  MsgJoin,
  MsgQuit,
  MsgRetry,
  readAck,
  readClose,
  readEcho,
  readOpen,
  type Message,
  type MessageClass,
} from '@cablecar/core-protocol';
import { Messenger, type MessengerClose, type MessengerOptions } from '@cablecar/messenger';
import { describe, expect, it } from 'vitest';
import { WirePeer, type SeenFrame } from './wire-peer.ts';

class Chat extends jsonMessage('Chat')<{ text: string }> {
  shout(): string {
    return this.text.toUpperCase();
  }
}
class Count extends byteMessage(0x10, { number: 'u16' }) {}
class Mixed extends byteMessage(0x11, {
  flag: 'bool',
  maybe: { optional: 'u8' },
  list: { array: 'u16' },
  text: 'string',
  half: 'f32',
}) {}

/** Chat is the fifth type of an end with these, Count the sixth, Mixed the seventh: after the built-in ones. */
const CLASSES: readonly MessageClass[] = [Chat, Count, Mixed];
const CATALOG = encodeCatalog(new MessageRegistry(CLASSES));
const CHAT = 20;
const COUNT = 21;
const MIXED = 22;

/** The window by default: room for a message of the greatest size in its seventeen parts. */
const WINDOW_BYTES = 1_048_576 + 4 * 16;

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const number = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);

/** A messenger whose other end is played by hand, with everything that its user is told. */
function makeTalk(options: MessengerOptions = {}, listen = true, wire = new WirePeer()) {
  const messenger = new Messenger<readonly MessageClass[]>(wire, { messages: CLASSES, ...options });
  const heard: Message[] = [];
  const warnings: string[] = [];
  const closes: MessengerClose[] = [];
  if (listen) messenger.on('message', (message) => void heard.push(message));
  messenger.on('warning', (error) => void warnings.push(error.code));
  messenger.on('close', (close) => void closes.push(close));
  return { wire, messenger, heard, warnings, closes };
}

/** The same, past both OPENs and the first PING. */
function openTalk(options: MessengerOptions = {}, listen = true) {
  const talk = makeTalk(options, listen);
  talk.wire.open({ catalog: CATALOG });
  talk.wire.seen();
  return talk;
}

/** The same, with messages left unread until the reader takes them. */
function heldTalk(options: MessengerOptions) {
  const talk = openTalk(options, false);
  return { ...talk, reader: talk.messenger.openReader() };
}

type Talk = ReturnType<typeof makeTalk>;

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return CableCarError.is(error) ? error.code : 'another error';
  }
  return undefined;
}

/** That the messenger has found a fault, told its user, reported it and finished. */
function expectFault({ wire, closes }: Talk, code = 'ERR_FRAME'): void {
  expect(closes).toMatchObject([{ code: 'fault', error: { code } }]);
  const last = wire.seen().at(-1) as SeenFrame;
  expect(last.type).toBe(FRAME.CLOSE);
  const close = readClose(last.payload, 0, last.payload.length);
  expect(close?.code).toBe(1);
  expect(close?.reason).toContain(code);
  expect(wire.finished).toBe(true);
}

/** That the session goes on. */
function expectOpen({ wire, closes, heard }: Talk): void {
  const { length } = heard;
  wire.sendFrame(COUNT, number(99));
  expect(heard.slice(length)).toMatchObject([{ number: 99 }]);
  expect(closes).toEqual([]);
  expect([wire.finished, wire.destroyed]).toEqual([false, false]);
}

const ackOf = ({ payload }: SeenFrame) => readAck(payload, 0, payload.length);
const openOf = ({ payload }: SeenFrame) => readOpen(payload, 0, payload.length);
const echoOf = ({ payload }: SeenFrame) => readEcho(payload, 0, payload.length);

describe('the rules for frames', () => {
  it.each(['8100', '10 8200 10', '03 06 8100', '05 08 8100 00 00'])(
    '§5.1(1) take a varint that is not in its shortest form for a fault: %s',
    (hex) => {
      const talk = openTalk();
      talk.wire.send(bytesOf(hex));
      talk.wire.send(bytesOf('00'.repeat(20)));
      expectFault(talk);
    },
  );

  it.each(['00 10', '01 8001', '8180 8080 01', '04 808001 aa'])(
    '§5.1(2) take a length or a type of the wrong size for a fault: %s',
    (hex) => {
      const talk = openTalk();
      talk.wire.send(hex);
      expectFault(talk);
    },
  );

  it('§5.1(3) send no larger frame than the receiver takes', () => {
    const { messenger, wire } = makeTalk();
    wire.open({ maxMessageBytes: 200 });
    const overhead = 3 + '{"text":""}'.length;
    messenger.send(new Chat({ text: 'x'.repeat(200 - overhead) }));
    expect(wire.seen(CHAT)[0]?.payload).toHaveLength(197);
    expect(codeOf(() => messenger.send(new Chat({ text: 'x'.repeat(201 - overhead) })))).toBe(
      'ERR_PEER_LIMIT',
    );
  });

  it('§5.1(3) take a frame that is too large for a fault once its length is there', () => {
    const talk = openTalk({ maxMessageBytes: 1_024 });
    talk.wire.sendFrame(CHAT, Buffer.from(JSON.stringify({ text: 'x'.repeat(1_010) })));
    expect(talk.heard).toHaveLength(1);
    talk.wire.send('fe07'); // 1,022, and two bytes of length: the largest
    expect(talk.closes).toEqual([]);
    const other = openTalk({ maxMessageBytes: 1_024 });
    other.wire.send('ff07');
    expectFault(other, 'ERR_FRAME_TOO_LARGE');
  });

  it('§5.1(4) take frames wherever the stream is cut', () => {
    const talk = openTalk();
    const stream = bytesOf(`03 ${COUNT.toString(16)} 0001`.repeat(3));
    for (const byte of stream) talk.wire.send(Uint8Array.of(byte));
    talk.wire.send(stream);
    expect(talk.heard).toHaveLength(6);
    expectOpen(talk);
  });

  it('§5.1(6) read nothing after a frame that is none', () => {
    const talk = openTalk();
    talk.wire.send(`03 ${COUNT.toString(16)} 0001 00 00 03 ${COUNT.toString(16)} 0002`);
    talk.wire.sendFrame(COUNT, number(3));
    expect(talk.heard).toMatchObject([{ number: 1 }]);
    expectFault(talk);
  });

  it.each([12, 13, 14, 15])('§5.2(1) skip a frame of type %d', (type) => {
    const talk = openTalk();
    talk.wire.sendFrame(type, bytesOf('aabb'));
    expect(talk.wire.seen()).toEqual([]);
    expectOpen(talk);
  });

  it.each([0, FRAME.HELLO, FRAME.WELCOME, FRAME.REJECT, FRAME.READY])(
    '§5.2(2) take a frame of type %d for a fault',
    (type) => {
      const talk = openTalk();
      talk.wire.sendFrame(type);
      expectFault(talk);
    },
  );
});

describe('the rules for parts', () => {
  /** What a message is cut into that has so many bytes of text. */
  const texts = (wire: WirePeer): (readonly [type: number, bytes: number])[] =>
    wire.seen().map(({ type, payload }) => [type, payload.length]);

  /** The type and the payload of a Chat of so many bytes. */
  const body = (bytes: number): Buffer =>
    Buffer.from(`${String.fromCharCode(CHAT)}{"text":"${'x'.repeat(bytes - 12)}"}`);

  it('§5.3(1) cut what is more than 66,560 bytes, and nothing else', () => {
    const { wire, messenger } = openTalk();
    messenger.send(new Chat({ text: 'x'.repeat(66_560 - 12) }));
    expect(texts(wire)).toEqual([[CHAT, 66_559]]);
    messenger.send(new Chat({ text: 'x'.repeat(66_561 - 12) }));
    expect(texts(wire)).toEqual([
      [FRAME.PART, 66_560],
      [FRAME.PART_END, 1],
    ]);
  });

  it('§5.3(2) finish one message in parts before the next, and let others pass', () => {
    const { wire, messenger } = openTalk();
    const large = new Chat({ text: 'x'.repeat(150_000) });
    wire.holding = true;
    messenger.send(large);
    messenger.send(large);
    expect(wire.types()).toEqual([FRAME.PART]);
    messenger.send(large, { delivery: 'latest' });
    messenger.send(new Count({ number: 1 }), { delivery: 'latest' });
    wire.release();
    const two = [FRAME.PART, FRAME.PART_END];
    expect(wire.types()).toEqual([COUNT, ...two, FRAME.PART, ...two, FRAME.PART, ...two]);
  });

  it('§5.3(3) take parts that are too much, or no message, for a fault', () => {
    const many = openTalk({ maxMessageBytes: 100_000 });
    many.wire.sendFrame(FRAME.PART, body(100_000).subarray(0, 66_560));
    expectOpen(many);
    many.wire.sendFrame(FRAME.PART, Buffer.alloc(33_441));
    expectFault(many, 'ERR_FRAME_TOO_LARGE');
    for (const wrong of ['', '06', '0f', '9000', '80']) {
      const talk = openTalk();
      talk.wire.sendFrame(FRAME.PART_END, bytesOf(wrong));
      expectFault(talk);
    }
  });

  it('§5.3(5), §6.5(3) join parts that came on several connections', () => {
    const talk = makeTalk({}, true, new WirePeer(true));
    talk.wire.open({ catalog: CATALOG });
    const whole = body(150_000);
    talk.wire.sendFrame(FRAME.PART, whole.subarray(0, 66_560));
    talk.wire.down();
    talk.wire.up();
    expect(talk.wire.seen().map(openOf)).toMatchObject([{ received: 1 }]);
    talk.wire.open({ catalog: CATALOG });
    talk.wire.sendFrame(FRAME.PART, whole.subarray(66_560, 133_120));
    talk.wire.sendFrame(FRAME.PART_END, whole.subarray(133_120));
    expect((talk.heard[0] as Chat).text).toHaveLength(150_000 - 12);
    expectOpen(talk);
  });

  it('§6.2 give credit back: for a PART when it comes, for its bytes when the message is taken', () => {
    const { wire, reader } = heldTalk({});
    const whole = body(150_000);
    wire.sendFrame(FRAME.PART, whole.subarray(0, 66_560));
    wire.sendFrame(FRAME.PART, whole.subarray(66_560, 133_120));
    wire.ping(1);
    const parts = ackOf(wire.seen(FRAME.ACK).at(-1) as SeenFrame);
    expect(parts).toEqual({
      received: 2,
      grantedMessages: 16_384 + 2,
      grantedBytes: WINDOW_BYTES,
    });
    wire.sendFrame(FRAME.PART_END, whole.subarray(133_120));
    expect(reader.take()).toBeInstanceOf(Chat);
    wire.settle();
    wire.ping(2);
    const taken = ackOf(wire.seen(FRAME.ACK).at(-1) as SeenFrame);
    expect(taken).toEqual({
      received: 3,
      grantedMessages: 16_384 + 3,
      grantedBytes: WINDOW_BYTES + 150_000 + 3 * 4,
    });
  });
});

describe('the rules for OPEN', () => {
  it('§6.1(1) send it first and at once', () => {
    const { wire } = makeTalk();
    expect(wire.types()).toEqual([FRAME.OPEN]);
  });

  it('§6.1(2) send nothing but CLOSE before the other OPEN', () => {
    const { wire, messenger } = makeTalk();
    messenger.send(new Count({ number: 1 }));
    wire.pass(1_500);
    expect(wire.types()).toEqual([FRAME.OPEN]);
    void messenger.close({ flushTimeoutMs: 100 });
    wire.pass(100);
    expect(wire.types()).toEqual([FRAME.CLOSE]);
    expect(wire.finished).toBe(true);
  });

  it.each([FRAME.PING, FRAME.PONG, FRAME.ACK, FRAME.PART, FRAME.PART_END, 12, COUNT])(
    '§6.1(3) take a frame of type %d before OPEN for a fault',
    (type) => {
      const talk = makeTalk();
      talk.wire.sendFrame(type, bytesOf('0000'));
      expectFault(talk);
    },
  );

  it('§6.1(3) take a second OPEN for a fault, and one that takes no frame', () => {
    const twice = openTalk();
    twice.wire.open();
    expectFault(twice);
    const none = makeTalk();
    none.wire.open({ maxMessageBytes: 0 });
    expectFault(none);
  });

  it('§6.1(4) give a window that has room for the largest frame', () => {
    const { wire } = makeTalk({ inboxBytes: 1_024, maxMessageBytes: 5_000 });
    const open = openOf(wire.seen()[0] as SeenFrame);
    expect(open).toMatchObject({ grantedBytes: 5_000, maxMessageBytes: 5_000 });
  });

  it('§6.1(5) skip what a later version puts after the catalog', () => {
    const talk = makeTalk();
    const catalog = Buffer.concat([Buffer.from([CATALOG.length]), CATALOG]);
    talk.wire.sendFrame(
      FRAME.OPEN,
      Buffer.concat([bytesOf('00 7f 7f 7f'), catalog, bytesOf('ffff')]),
    );
    expect(talk.warnings).toEqual([]);
    expectOpen(talk);
  });

  it('§6.1(6) take an OPEN of 1,024 bytes, whatever the maximum frame', () => {
    expect(codeOf(() => makeTalk({ maxMessageBytes: 1_023 }))).toBe('ERR_OPTION');
    const talk = makeTalk({ maxMessageBytes: 1_024 });
    const name = 'x'.repeat(54);
    const classes = Array.from({ length: 15 }, (_, index) => jsonMessage(`${name}${index}`));
    const catalog = encodeCatalog(new MessageRegistry([...CLASSES, ...classes]));
    const fields = Buffer.from([
      0,
      0x7f,
      0x7f,
      0x7f,
      (catalog.length & 0x7f) | 0x80,
      catalog.length >> 7,
    ]);
    const rest = new Uint8Array(1_024 - 3 - fields.length - catalog.length);
    talk.wire.sendFrame(FRAME.OPEN, Buffer.concat([fields, catalog, rest]));
    expectOpen(talk);
  });
});

describe('the rules for messages and credit', () => {
  it('§6.2(1) send no more messages than the credit, nor more bytes', () => {
    const { wire, messenger } = makeTalk();
    wire.open({ grantedMessages: 2, grantedBytes: 12 });
    for (let count = 0; count < 9; count++) messenger.send(new Count({ number: count }));
    expect(wire.seen(COUNT)).toHaveLength(2);
    wire.acknowledge(2, { grantedMessages: 9, grantedBytes: 15 }); // three frames of 4 bytes
    expect(wire.seen(COUNT)).toHaveLength(1);
    wire.acknowledge(3, { grantedMessages: 9, grantedBytes: 16 });
    expect(wire.seen(COUNT)).toHaveLength(1);
  });

  it('§6.2(1) take messages beyond the credit for a fault', () => {
    const many = heldTalk({ inboxMessages: 16 });
    for (let count = 0; count < 16; count++) many.wire.sendFrame(COUNT, number(count));
    expect(many.closes).toEqual([]);
    many.wire.sendFrame(COUNT, number(16));
    expectFault(many, 'ERR_FLOW');
    const large = heldTalk({ inboxBytes: 1_024, maxMessageBytes: 1_024 });
    large.wire.sendFrame(CHAT, Buffer.alloc(1_000));
    expect(large.closes).toEqual([]);
    large.wire.sendFrame(CHAT, Buffer.alloc(30));
    expectFault(large, 'ERR_FLOW');
  });

  it('§6.2(2) let control frames go without credit', () => {
    const { wire, messenger } = makeTalk();
    wire.open({ grantedMessages: 0, grantedBytes: 0, catalog: CATALOG });
    wire.seen();
    messenger.send(new Count({ number: 1 }));
    wire.sendFrame(COUNT, number(1));
    wire.ping(5);
    expect(wire.types()).toEqual([FRAME.ACK, FRAME.PONG]);
    wire.pass(1_000);
    expect(wire.types()).toEqual([FRAME.PING]);
    void messenger.close({ flushTimeoutMs: 10 });
    wire.pass(10);
    expect(wire.types()).toEqual([FRAME.CLOSE]);
  });

  it('§6.2(3) count every message, also what is skipped or does not decode', () => {
    const { wire, messenger } = openTalk();
    wire.sendFrame(COUNT, number(1));
    wire.sendFrame(COUNT, bytesOf('01'));
    wire.sendFrame(1_000, bytesOf('01'));
    wire.ping(1);
    const ack = ackOf(wire.seen(FRAME.ACK).at(-1) as SeenFrame);
    expect(ack).toEqual({
      received: 3,
      grantedMessages: 16_384 + 3,
      grantedBytes: WINDOW_BYTES + 4 + 3 + 4,
    });
    expect(messenger.stats.messagesSkipped).toBe(2);
  });

  it('§6.2(4) keep the credit that was granted', () => {
    const { wire, messenger } = makeTalk();
    wire.open({ grantedMessages: 3, grantedBytes: 1_000 });
    wire.acknowledge(0, { grantedMessages: 1, grantedBytes: 1 });
    for (let count = 0; count < 4; count++) messenger.send(new Count({ number: count }));
    expect(wire.seen(COUNT)).toHaveLength(3);
  });

  it('§6.2(5) take an ACK of less than before, or of more than was sent, for a fault', () => {
    const less = openTalk();
    for (let count = 0; count < 2; count++) less.messenger.send(new Count({ number: count }));
    less.wire.acknowledge(2);
    less.wire.acknowledge(1);
    expectFault(less);
    const more = openTalk();
    more.messenger.send(new Count({ number: 1 }));
    more.wire.settle();
    more.wire.acknowledge(2);
    expectFault(more);
  });

  it('§6.2(6) acknowledge at once when a quarter of the window has come, or was taken', () => {
    const { wire, reader } = heldTalk({ inboxMessages: 40 });
    for (let count = 0; count < 9; count++) wire.sendFrame(COUNT, number(count));
    expect(wire.seen()).toEqual([]);
    wire.sendFrame(COUNT, number(9));
    expect(wire.seen().map(ackOf)).toMatchObject([{ received: 10, grantedMessages: 40 }]);
    for (let count = 0; count < 9; count++) reader.take();
    expect(wire.seen()).toEqual([]);
    reader.take();
    expect(wire.seen().map(ackOf)).toMatchObject([{ received: 10, grantedMessages: 50 }]);
  });

  it('§6.2(6) acknowledge at once when a quarter of the window in bytes was taken', () => {
    const { wire } = openTalk({ inboxBytes: 1_024, maxMessageBytes: 1_024 });
    wire.sendFrame(CHAT, Buffer.from(JSON.stringify({ text: 'x'.repeat(234) })));
    expect(wire.seen()).toEqual([]);
    wire.sendFrame(COUNT, number(1));
    wire.sendFrame(COUNT, number(2));
    expect(wire.seen().map(ackOf)).toMatchObject([{ received: 3 }]);
  });

  it('§6.2(7) acknowledge within 100 ms where the peer may be short of credit', () => {
    const { wire, reader } = heldTalk({ inboxMessages: 40 });
    for (let count = 0; count < 20; count++) wire.sendFrame(COUNT, number(count));
    wire.seen();
    reader.take();
    wire.pass(100);
    expect(wire.seen()).toEqual([]); // half of the window is left
    wire.sendFrame(COUNT, number(20));
    wire.pass(99);
    expect(wire.seen()).toEqual([]);
    wire.pass(1);
    expect(wire.seen().map(ackOf)).toMatchObject([{ received: 21, grantedMessages: 41 }]);
  });

  it('§6.2(7) acknowledge before a PONG or a goodbye', () => {
    const { wire, messenger } = openTalk();
    wire.sendFrame(COUNT, number(1));
    wire.pass(100);
    expect(wire.seen()).toEqual([]);
    wire.ping(1);
    expect(wire.types()).toEqual([FRAME.ACK, FRAME.PONG]);
    wire.ping(2);
    expect(wire.types()).toEqual([FRAME.PONG]);
    wire.sendFrame(COUNT, number(2));
    void messenger.close();
    expect(wire.types()).toEqual([FRAME.ACK, FRAME.CLOSE]);
  });

  it('§6.2(8) tell how many messages were not acknowledged', () => {
    const { wire, messenger, closes } = openTalk();
    for (let count = 0; count < 3; count++) messenger.send(new Count({ number: count }));
    wire.settle();
    wire.acknowledge(1);
    wire.finish();
    expect(closes).toMatchObject([{ code: 'lost', undelivered: 2 }]);
  });
});

describe('the rules for heartbeats', () => {
  it('§6.3(1) send a PING upon OPEN, and one in each interval whatever else is sent', () => {
    const { wire, messenger } = makeTalk({ heartbeatIntervalMs: 1_000 });
    wire.open();
    expect(wire.types()).toEqual([FRAME.OPEN, FRAME.PING]);
    for (let second = 0; second < 4; second++) {
      messenger.send(new Count({ number: second }));
      wire.sendFrame(12);
      wire.pass(1_000);
      expect(wire.seen(FRAME.PING)).toHaveLength(1);
    }
  });

  it('§6.3(2) answer each PING with its token, also while a close waits', () => {
    const { wire, messenger } = openTalk();
    messenger.send(new Count({ number: 1 }));
    wire.settle();
    void messenger.close();
    wire.seen();
    wire.ping(300);
    wire.ping(7);
    expect(wire.seen().map(echoOf)).toEqual([300, 7]);
  });

  it('§6.3(3) ignore a PONG that answers nothing', () => {
    const talk = makeTalk();
    talk.wire.open({ catalog: CATALOG });
    const token = echoOf(talk.wire.seen(FRAME.PING)[0] as SeenFrame) as number;
    talk.wire.pass(5);
    talk.wire.sendFrame(FRAME.PONG, Buffer.from([token + 1]));
    expect(talk.messenger.stats.lastMs).toBeUndefined();
    talk.wire.sendFrame(FRAME.PONG, Buffer.from([token]));
    expect(talk.messenger.stats.lastMs).toBe(5);
    expectOpen(talk);
  });

  it('§6.3(4) take a silent peer for lost, and every byte for life', () => {
    const { wire, closes } = openTalk({ silenceTimeoutMs: 6_000 });
    wire.pass(5_999);
    wire.send('03'); // the first byte of some frame
    wire.pass(5_999);
    expect(closes).toEqual([]);
    wire.seen();
    wire.pass(1);
    expect(closes).toMatchObject([{ code: 'lost', error: { code: 'ERR_PEER_SILENT' } }]);
    expect(wire.destroyed).toBe(true);
    expect(wire.seen()).toEqual([]);
  });

  it('§6.3(4) take for lost a peer that never sends OPEN', () => {
    const { wire, closes } = makeTalk();
    wire.pass(6_000);
    expect(closes).toMatchObject([{ code: 'lost', error: { code: 'ERR_PEER_SILENT' } }]);
    expect(wire.types()).toEqual([FRAME.OPEN]);
  });

  it('§6.3(5) allow two heartbeats in the silence timeout', () => {
    const timeouts = { heartbeatIntervalMs: 1_000, silenceTimeoutMs: 1_999 };
    expect(codeOf(() => makeTalk(timeouts))).toBe('ERR_OPTION');
  });
});

describe('the rules for CLOSE', () => {
  it('§6.4 read what the other end sent before it knew of the goodbye', () => {
    const { wire, messenger, heard, warnings } = makeTalk();
    void messenger.close({ flushTimeoutMs: 10 });
    wire.pass(10);
    expect(wire.types()).toEqual([FRAME.OPEN, FRAME.CLOSE]);
    wire.open({ catalog: CATALOG });
    wire.sendFrame(COUNT, number(7));
    expect(heard).toMatchObject([{ number: 7 }]);
    expect(warnings).toEqual([]);
    expect(wire.seen()).toEqual([]);
  });

  it('§6.4(1) wait for the acknowledgement of what was sent', () => {
    const { wire, messenger } = openTalk();
    messenger.send(new Count({ number: 1 }));
    void messenger.close({ reason: 'done' });
    expect(wire.types()).toEqual([COUNT, FRAME.PING]);
    wire.acknowledge(1);
    const [close] = wire.seen() as [SeenFrame];
    expect(readClose(close.payload, 0, close.payload.length)).toEqual({ code: 0, reason: 'done' });
  });

  it('§6.4(1) wait no longer than the flush timeout', () => {
    const { wire, messenger } = openTalk();
    messenger.send(new Count({ number: 1 }));
    void messenger.close();
    wire.pass(1_999);
    expect(wire.seen(FRAME.CLOSE)).toEqual([]);
    wire.pass(1);
    expect(wire.seen(FRAME.CLOSE)).toHaveLength(1);
  });

  it('§6.4(2) finish after CLOSE', () => {
    const { wire, messenger } = openTalk();
    void messenger.close();
    expect(wire.types()).toEqual([FRAME.CLOSE]);
    expect(wire.finished).toBe(true);
    expect(codeOf(() => messenger.send(new Count({ number: 1 })))).toBe('ERR_CLOSED');
  });

  it.each([
    [0, 'goodbye', undefined],
    [1, 'fault', 'ERR_PEER_FAULT'],
    [200, 'fault', 'ERR_PEER_FAULT'],
  ])('§6.4(3) finish after a CLOSE with code %d, without one in return', (code, end, error) => {
    const { wire, closes } = openTalk();
    wire.sendFrame(FRAME.CLOSE, Buffer.from([code, 2, 0x6f, 0x6b]));
    expect(wire.seen()).toEqual([]);
    expect(wire.finished).toBe(true);
    expect(closes).toMatchObject([{ code: end, reason: 'ok' }]);
    expect(closes[0]?.error?.code).toBe(error);
  });

  it('§6.4(4) answer nothing after CLOSE, and ignore what follows it', () => {
    const ours = openTalk();
    void ours.messenger.close();
    ours.wire.seen();
    ours.wire.ping(1);
    ours.wire.sendFrame(COUNT, number(1));
    ours.wire.pass(100);
    expect(ours.wire.seen()).toEqual([]);
    const theirs = openTalk();
    theirs.wire.sendFrame(FRAME.CLOSE, bytesOf('0000'));
    theirs.wire.sendFrame(COUNT, number(1));
    theirs.wire.send('00 00');
    expect(theirs.heard).toEqual([]);
    expect(theirs.closes).toMatchObject([{ code: 'goodbye' }]);
  });

  it.each(['ours', 'theirs'])(
    '§6.4(4) close when the other end has finished, or after a second: CLOSE is %s',
    (whose) => {
      for (const patient of [false, true]) {
        const { wire, messenger, closes } = openTalk();
        if (whose === 'ours') void messenger.close();
        else wire.sendFrame(FRAME.CLOSE, bytesOf('0000'));
        wire.settle();
        wire.pass(999);
        expect(wire.destroyed).toBe(false);
        if (patient) wire.pass(1);
        else wire.finish();
        expect(wire.destroyed).toBe(true);
        expect(closes).toMatchObject([{ code: whose === 'ours' ? 'closed' : 'goodbye' }]);
      }
    },
  );

  it('§6.4(5) cut a long reason between two characters, and refuse a longer one', () => {
    const { wire, messenger } = openTalk();
    void messenger.close({ reason: '€'.repeat(42) });
    const [close] = wire.seen() as [SeenFrame];
    expect(readClose(close.payload, 0, close.payload.length)?.reason).toBe('€'.repeat(41));
    const talk = openTalk();
    talk.wire.sendFrame(FRAME.CLOSE, Buffer.from([0, 124, ...Buffer.alloc(124, 0x78)]));
    expectFault(talk);
  });

  it('§6.4(7) take a CLOSE in place of OPEN for a goodbye', () => {
    const { wire, closes } = makeTalk();
    wire.sendFrame(FRAME.CLOSE, bytesOf('0000'));
    expect(closes).toMatchObject([{ code: 'goodbye', undelivered: 0 }]);
  });

  it('§6.4(6) take an end without CLOSE for a loss', () => {
    const { wire, closes } = openTalk();
    wire.finish();
    expect(closes).toMatchObject([{ code: 'lost', error: { code: 'ERR_CONNECTION_LOST' } }]);
  });
});

describe('the rules for another connection', () => {
  /** A session that may have more than one connection, on its first. */
  function resumableTalk(options: MessengerOptions = {}) {
    const talk = makeTalk(options, true, new WirePeer(true));
    talk.wire.open({ catalog: CATALOG });
    talk.wire.seen();
    return talk;
  }

  const counts = (frames: readonly SeenFrame[]) =>
    frames.map(({ payload }) => payload.readUInt16BE());

  it('§6.5(1) say in OPEN what was received and granted before', () => {
    const { wire } = resumableTalk();
    for (let count = 0; count < 3; count++) wire.sendFrame(COUNT, number(count));
    wire.down();
    wire.up();
    expect(wire.seen().map(openOf)).toMatchObject([
      { received: 3, grantedMessages: 16_384 + 3, grantedBytes: WINDOW_BYTES + 12 },
    ]);
  });

  it('§6.5(2) send again what was not received, in order, and go on behind it', () => {
    const { wire, messenger } = resumableTalk();
    for (let count = 1; count <= 5; count++) messenger.send(new Count({ number: count }));
    expect(counts(wire.seen(COUNT))).toEqual([1, 2, 3, 4, 5]);
    wire.acknowledge(1);
    wire.down();
    messenger.send(new Count({ number: 6 }));
    wire.up();
    expect(wire.types()).toEqual([FRAME.OPEN]);
    wire.open({ received: 3, catalog: CATALOG });
    messenger.send(new Count({ number: 7 }));
    expect(counts(wire.seen(COUNT))).toEqual([4, 5, 6, 7]);
  });

  it('§6.5(3) count no message of which the end is missing', () => {
    const { wire, heard } = resumableTalk();
    wire.sendFrame(COUNT, number(1));
    wire.send(`03 ${COUNT.toString(16)} 00`);
    wire.down();
    wire.up();
    expect(wire.seen().map(openOf)).toMatchObject([{ received: 1 }]);
    wire.open({ catalog: CATALOG });
    wire.sendFrame(COUNT, number(2));
    expect(heard).toMatchObject([{ number: 1 }, { number: 2 }]);
  });

  it('§6.5(4) take for a fault an OPEN that has received less than before, or more than was sent', () => {
    for (const received of [1, 4]) {
      const talk = resumableTalk();
      for (let count = 0; count < 3; count++) talk.messenger.send(new Count({ number: count }));
      talk.wire.settle();
      talk.wire.acknowledge(2);
      talk.wire.down();
      talk.wire.up();
      talk.wire.open({ received, catalog: CATALOG });
      expectFault(talk);
    }
  });

  it('§6.5(5) repeat maximum frame and catalog', () => {
    const talk = makeTalk({}, true, new WirePeer(true));
    const first = openOf(talk.wire.seen()[0] as SeenFrame);
    talk.wire.open({ catalog: CATALOG });
    talk.wire.down();
    talk.wire.up();
    expect(openOf(talk.wire.seen()[0] as SeenFrame)).toEqual(first);
  });

  it('§6.5(6) go on on a new connection, though the old one seemed well', () => {
    const { wire, messenger, heard, closes } = resumableTalk();
    messenger.send(new Count({ number: 1 }));
    wire.settle();
    wire.send('03'); // the first byte of some frame
    wire.up();
    expect(wire.types()).toEqual([FRAME.OPEN]);
    wire.open({ catalog: CATALOG });
    expect(counts(wire.seen(COUNT))).toEqual([1]);
    wire.sendFrame(COUNT, number(2));
    expect(heard).toMatchObject([{ number: 2 }]);
    expect(closes).toEqual([]);
  });

  it.each(['silence', 'the end of the stream'])(
    '§6.5(7) look for another connection after %s',
    (why) => {
      const { wire, closes } = resumableTalk();
      if (why === 'silence') wire.pass(6_000);
      else wire.finish();
      expect([wire.abandoned, closes]).toEqual([true, []]);
      wire.seen();
      wire.pass(20_000);
      expect(wire.seen()).toEqual([]);
      wire.up();
      wire.open({ catalog: CATALOG });
      wire.pass(1_000);
      expect(wire.types()).toContain(FRAME.PING);
      expect(closes).toEqual([]);
    },
  );

  it('§6.5(7) give a session up when the window is over, and tell what was not acknowledged', () => {
    const { wire, messenger, closes } = resumableTalk();
    for (let count = 0; count < 2; count++) messenger.send(new Count({ number: count }));
    wire.settle();
    wire.down();
    wire.pass(20_000);
    wire.up(); // without an OPEN, this is no end of the wait
    wire.pass(3_000);
    wire.down();
    wire.pass(6_999);
    expect(closes).toEqual([]);
    wire.pass(1);
    expect(closes).toMatchObject([
      { code: 'lost', undelivered: 2, error: { code: 'ERR_CONNECTION_LOST' } },
    ]);
  });

  it.each(['ours', 'theirs'])('§6.5(8) go on nowhere after a CLOSE of %s', (whose) => {
    const { wire, messenger, closes } = resumableTalk();
    if (whose === 'ours') void messenger.close();
    else wire.sendFrame(FRAME.CLOSE, bytesOf('0000'));
    wire.seen();
    wire.down();
    wire.up();
    expect(wire.seen()).toEqual([]);
    expect(closes).toHaveLength(1);
    expect(wire.destroyed).toBe(true);
  });
});

describe('the rules for faults', () => {
  it.each([
    ['OPEN without a catalog', FRAME.OPEN, '00 7f 7f 7f'],
    ['OPEN with half a catalog', FRAME.OPEN, '00 7f 7f 7f 02 00'],
  ])('§6.6(1) report %s', (_, type, hex) => {
    const talk = makeTalk();
    talk.wire.sendFrame(type, bytesOf(hex));
    expectFault(talk);
  });

  it.each([
    ['PING without a token', FRAME.PING, ''],
    ['PING with more than a token', FRAME.PING, '0100'],
    ['PONG without a token', FRAME.PONG, ''],
    ['ACK without its last field', FRAME.ACK, '00 00'],
    ['ACK with another field', FRAME.ACK, '00 00 00 00'],
    ['CLOSE without a reason', FRAME.CLOSE, '00'],
    ['CLOSE with half a reason', FRAME.CLOSE, '00 02 78'],
    ['CLOSE with something after the reason', FRAME.CLOSE, '00 01 78 78'],
  ])('§6.6(1) report %s', (_, type, hex) => {
    const talk = openTalk();
    talk.wire.sendFrame(type, bytesOf(hex));
    expectFault(talk);
  });

  it('§6.6(2) go on after a message that is unknown or does not decode', () => {
    const talk = openTalk();
    talk.wire.sendFrame(COUNT, bytesOf('010203'));
    talk.wire.sendFrame(CHAT, Buffer.from('{'));
    talk.wire.sendFrame(5_000);
    expect(talk.warnings).toEqual([
      'ERR_MESSAGE_DECODE',
      'ERR_MESSAGE_DECODE',
      'ERR_MESSAGE_UNKNOWN',
    ]);
    expectOpen(talk);
  });
});

describe('the rules for messages', () => {
  /** What a message with this payload becomes: the message, or the code of the warning. */
  function receive(type: number, payload: Uint8Array): Message | string | undefined {
    const { wire, heard, warnings } = openTalk();
    wire.sendFrame(type, payload);
    return heard[0] ?? warnings[0];
  }

  const json = (text: string) => receive(CHAT, Buffer.from(text));

  it('§7.1(1) number types by the own catalog, and translate by the other', () => {
    const talk = makeTalk();
    const other = encodeCatalog(new MessageRegistry([Count, Mixed, Chat]));
    talk.wire.open({ catalog: other });
    expect(talk.warnings).toEqual([]);
    talk.wire.sendFrame(CHAT, number(8)); // Count there
    expect(talk.heard).toMatchObject([{ number: 8 }]);
    talk.messenger.send(new Count({ number: 9 }));
    expect(talk.wire.seen(COUNT)).toHaveLength(1);
  });

  it('§7.1(2) skip a type that only the sender has', () => {
    const talk = makeTalk();
    class Other extends byteMessage(0x77) {}
    talk.wire.open({ catalog: encodeCatalog(new MessageRegistry([...CLASSES, Other])) });
    expect(talk.warnings).toEqual(['ERR_MESSAGE_UNKNOWN']);
    talk.wire.sendFrame(MIXED + 1);
    expect(talk.warnings).toHaveLength(1);
    expect(talk.messenger.stats.messagesSkipped).toBe(1);
    expectOpen(talk);
  });

  it('§7.2(1) take one JSON object in UTF-8', () => {
    expect(json('{"text":"é"}')).toBeInstanceOf(Chat);
    for (const text of ['', '[]', '"text"', 'null', '{"text":"a"} {}', '\ufeff{"text":"a"}'])
      expect(json(text)).toBe('ERR_MESSAGE_DECODE');
    expect(receive(CHAT, bytesOf('7b2274657874223a22ff227d'))).toBe('ERR_MESSAGE_DECODE');
  });

  it('§7.2(2) refuse what nests too deeply, has too many keys, or reaches for a prototype', () => {
    const nested = (levels: number) => `{"text":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    const keys = (count: number) =>
      JSON.stringify(
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 0])),
      );
    expect(json(nested(63))).toBeInstanceOf(Chat);
    expect(json(nested(64))).toBe('ERR_MESSAGE_DECODE');
    expect(json(keys(10_000))).toBeInstanceOf(Chat);
    expect(json(keys(10_001))).toBe('ERR_MESSAGE_DECODE');
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      expect(json(`{"${key}":1}`)).toBe('ERR_MESSAGE_DECODE');
      expect(json(`{"text":[{"${key}":1}]}`)).toBe('ERR_MESSAGE_DECODE');
    }
  });

  it('§7.2(3) keep the members of the class', () => {
    for (const name of ['shout', 'encodeAttributes', 'toString'])
      expect(json(`{"text":"a","${name}":"b"}`)).toBe('ERR_MESSAGE_DECODE');
  });

  it('§7.3(1) refuse to send a value that does not fit its field', () => {
    const { messenger } = openTalk();
    const fields = { flag: true, list: [1], text: 'a', half: 0.5 };
    const wrong = [
      { flag: 1 },
      { maybe: 256 },
      { maybe: null },
      { list: [-1] },
      { list: 1 },
      { text: '\ud800' },
      { half: 1e39 },
    ];
    expect(codeOf(() => messenger.send(new Mixed(fields)))).toBeUndefined();
    for (const field of wrong) {
      const message = new Mixed({ ...fields, ...field } as never);
      expect(codeOf(() => messenger.send(message))).toBe('ERR_MESSAGE_ENCODE');
    }
  });

  it.each([
    ['as it should be', '01 00 01 0007 01 61 3f000000', Mixed],
    ['with the optional', '00 01 ff 00 00 3f000000', Mixed],
    ['that ends early', '01 00 01 0007 01 61 3f0000'],
    ['with bytes left over', '01 00 01 0007 01 61 3f000000 00'],
    ['with a bool of 2', '02 00 01 0007 01 61 3f000000'],
    ['with an optional of 2', '01 02 01 0007 01 61 3f000000'],
    ['with a count in two bytes', '01 00 8100 0007 01 61 3f000000'],
    ['with a length past the end', '01 00 01 0007 06 61 3f000000'],
    ['with text that is not UTF-8', '01 00 01 0007 01 ff 3f000000'],
  ])('§7.3(2) judge a payload %s', (_, hex, expected?: typeof Mixed) => {
    const got = receive(MIXED, bytesOf(hex));
    if (expected) expect(got).toBeInstanceOf(expected);
    else expect(got).toBe('ERR_MESSAGE_DECODE');
  });

  it('§7.3(3) judge a count by what is there', () => {
    expect(receive(MIXED, bytesOf('01 00 ffffff7f 0007 00 3f000000'))).toBe('ERR_MESSAGE_DECODE');
  });

  it('§7.5(1) have the built-in types first', () => {
    const builtIn = [MsgIdentify, MsgJoin, MsgRetry, MsgQuit];
    expect(new MessageRegistry([Chat, MsgQuit]).types.map((type) => type.messageClass)).toEqual([
      ...builtIn,
      Chat,
    ]);
    const talk = openTalk();
    talk.messenger.send(new MsgQuit());
    expect(talk.wire.types()).toEqual([19]);
  });

  it("§7.5(2) keep '@' out of names, and want exactly one", () => {
    const { messenger } = openTalk();
    const name = new MsgIdentify({ username: 'a@b', hostname: 'c' });
    expect(codeOf(() => messenger.send(name))).toBe('ERR_MESSAGE_ENCODE');
    expect(receive(16, Buffer.from('ada@lab'))).toMatchObject({ username: 'ada', hostname: 'lab' });
    for (const text of ['', 'ada', 'a@b@c'])
      expect(receive(16, Buffer.from(text))).toBe('ERR_MESSAGE_DECODE');
  });

  it.each([
    ['with a type named twice', '02 00 01 61 00000000 00 01 61 00000000'],
    ['with a code that is there twice', '02 01 10 00000000 01 10 00000000'],
    ['with a nameless type', '01 00 00 00000000'],
    ['with a control character in a name', '01 00 01 0a 00000000'],
    ['with an unknown kind', '01 02 10 00000000'],
    ['with a type missing', '01'],
    ['with bytes left over', '00 00'],
    ['with more than 1,024 types', '8108'],
  ])('§7.6(1) §7.6(2) take a catalog for a fault %s', (_, hex) => {
    const talk = makeTalk();
    talk.wire.open({ catalog: bytesOf(hex) });
    expectFault(talk);
  });

  it('§7.6(3) match types by name or code, and by fingerprint', () => {
    class Other extends byteMessage(0x10, { number: 'u32' }) {}
    class Identify extends jsonMessage('MsgIdentify') {}
    const talk = makeTalk();
    const there = new MessageRegistry([Chat, Other, Mixed]);
    const catalog = Buffer.from(encodeCatalog(there));
    talk.wire.open({ catalog });
    expect(talk.warnings).toEqual(['ERR_MESSAGE_MISMATCH']);
    talk.wire.sendFrame(COUNT, number(1));
    expect(talk.heard).toEqual([]);
    expect(talk.messenger.stats.messagesSkipped).toBe(1);
    // A built-in type has a name, but it travels by its code.
    expect(codeOf(() => new MessageRegistry([Identify]))).toBe('ERR_MESSAGE_DUPLICATE');
  });

  it('§7.6(4) tell of at most 16 types one by one', () => {
    const talk = makeTalk();
    const classes = Array.from({ length: 40 }, (_, index) => jsonMessage(`Type${index}`));
    talk.wire.open({ catalog: encodeCatalog(new MessageRegistry([...CLASSES, ...classes])) });
    expect(talk.warnings).toHaveLength(17);
  });
});
