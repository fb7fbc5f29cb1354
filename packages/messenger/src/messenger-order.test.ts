import {
  byteMessage,
  encodeCatalog,
  FRAME,
  jsonMessage,
  MessageRegistry,
} from '@cablecar/core-protocol';
import { describe, expect, it } from 'vitest';
import { WirePeer } from '../../../test/docs/wire-peer.ts';
import { Messenger } from './messenger.ts';

class Chat extends jsonMessage('Chat')<{ text: string }> {}
class Count extends byteMessage(0x10, { number: 'u16' }) {}

const messages = [Chat, Count] as const;
const catalog = encodeCatalog(new MessageRegistry(messages));
/** The built-in types and Chat come before it. */
const COUNT_TYPE = 21;

describe('Messenger, frame by frame', () => {
  it('writes OPEN before a message, also when the other OPEN comes in the same turn (§6.1)', () => {
    const wire = new WirePeer();
    const messenger = new Messenger(wire, { messages });
    messenger.send(new Count({ number: 1 }));
    wire.open({ catalog });
    expect(wire.types()).toEqual([FRAME.OPEN, COUNT_TYPE, FRAME.PING]);
  });

  it('writes OPEN first on another connection as well, whatever was sent meanwhile (§6.5)', () => {
    const wire = new WirePeer(true);
    const messenger = new Messenger(wire, { messages });
    wire.open({ catalog });
    wire.seen();
    wire.down();
    messenger.send(new Count({ number: 1 }));
    wire.up();
    messenger.send(new Count({ number: 2 }));
    wire.open({ catalog });
    expect(wire.types()).toEqual([FRAME.OPEN, COUNT_TYPE, COUNT_TYPE, FRAME.PING]);
  });

  it('sends no frame larger than the peer takes, also when it was sent before the peer said so (§5.1)', () => {
    const wire = new WirePeer();
    const messenger = new Messenger(wire, { messages });
    const ends: unknown[] = [];
    messenger.on('close', ({ code, error }) => ends.push(code, error?.code));
    messenger.send(new Chat({ text: 'x'.repeat(5_000) }));
    wire.open({ maxMessageBytes: 200, catalog });
    expect(wire.types().every((type) => type < 16)).toBe(true);
    expect(ends).toEqual(['fault', 'ERR_MESSAGE_TOO_LARGE']);
  });

  it('keeps what comes right after the last listener is gone', () => {
    const wire = new WirePeer();
    const messenger = new Messenger(wire, { messages });
    const listener = (): void => {};
    messenger.on('message', listener);
    wire.open({ catalog });
    messenger.off('message', listener);
    wire.sendFrame(COUNT_TYPE, Buffer.from([0, 2]));
    expect(messenger.openReader().take()).toEqual(new Count({ number: 2 }));
  });

  it('counts every message that does not decode, and warns of a few', () => {
    const wire = new WirePeer();
    const messenger = new Messenger(wire, { messages });
    let warnings = 0;
    messenger.on('warning', () => warnings++);
    messenger.on('message', () => {});
    wire.open({ catalog });
    for (let sent = 0; sent < 1_000; sent++) wire.sendFrame(COUNT_TYPE, Buffer.from([1]));
    expect(messenger.stats.messagesSkipped).toBe(1_000);
    expect(warnings).toBeLessThanOrEqual(11);
  });
});
