import {
  byteMessage,
  jsonMessage,
  MsgIdentify,
  MsgJoin,
  type CableCarError,
} from '@cablecar/core-protocol';
import { World } from '@cablecar/simulator';
import { describe, expect, it } from 'vitest';
import { linkPair } from '../../../test/support/link-pair.ts';
import { Messenger } from './messenger.ts';

class Move extends jsonMessage('Move')<{ x: number; note?: string }> {}
class Spot extends byteMessage(0x10, { x: 'i16', y: 'i16' }) {}

const lines = { wire: 'classic-json', messages: [Move, MsgIdentify] } as const;
const frames = { wire: 'classic-byte', messages: [Spot, MsgIdentify, MsgJoin] } as const;

describe('Messenger on the classic wires', () => {
  it('writes what Python writes, and nothing else: no OPEN, no heartbeat', async () => {
    const { world, ada, bob } = await linkPair(new World());
    const bytes: Buffer[] = [];
    bob.attach({
      onChunk: (chunk) => bytes.push(Buffer.from(chunk)),
      onDrain() {},
      onEnd() {},
      onClose() {},
    });
    const messenger = new Messenger(ada, lines);
    await world.run({ forMs: 10_000 });
    messenger.send(new Move({ x: 1, note: 'née' }));
    await world.run({ forMs: 100 });
    expect(Buffer.concat(bytes).toString('latin1')).toBe('["Move",{"x":1,"note":"n\\u00e9e"}]\n');
  });

  it('exchanges messages both ways, JSON and bytes, whatever the cuts', async () => {
    for (const options of [lines, frames]) {
      const { world, ada, bob } = await linkPair(new World({ network: { chunkBytes: [1, 7] } }));
      const a = new Messenger<never>(ada, options as never);
      const b = new Messenger<never>(bob, options as never);
      const heard: unknown[] = [];
      b.on('message', (message) => heard.push(message));
      const sent = [
        options === lines ? new Move({ x: 0.5 }) : new Spot({ x: -1, y: 2 }),
        new MsgIdentify({ username: 'ada', hostname: 'lab' }),
      ];
      for (let round = 0; round < 50; round++) for (const message of sent) a.send(message);
      await world.runUntil(() => heard.length === 100);
      expect(heard.slice(0, 2)).toEqual(sent);
      await world.runUntil(a.close());
      await world.runUntil(() => b.closed);
      expect(world.openHandles().filter(({ kind }) => kind !== 'listener')).toEqual([]);
    }
  });

  it('diverts messages of a class, JSON and bytes', async () => {
    for (const options of [lines, frames]) {
      const { world, ada, bob } = await linkPair(new World());
      const a = new Messenger<never>(ada, options as never);
      const b = new Messenger<never>(bob, options as never);
      const names: string[] = [];
      b.divert(MsgIdentify, ({ username }) => names.push(username));
      const move = options === lines ? new Move({ x: 1 }) : new Spot({ x: 1, y: 2 });
      const identify = new MsgIdentify({ username: 'ada', hostname: 'lab' });
      for (const message of [move, identify, move]) a.send(message);
      await world.runUntil(() => names.length === 1);
      expect(names).toEqual(['ada']);
      await world.run({ forMs: 100 });
      expect(b.openReader().takeBatch()).toEqual([move, move]);
    }
  });

  it('holds the sender by TCP when nobody reads, and loses nothing', async () => {
    const { world, ada, bob } = await linkPair(new World());
    const a = new Messenger(ada, { ...lines, outboxBytes: 65_536 });
    const b = new Messenger(bob, { ...lines, inboxMessages: 100 });
    let sent = 0;
    const fill = (): void => {
      while (sent < 50_000 && a.send(new Move({ x: sent++ })));
    };
    a.on('drain', fill);
    fill();
    await world.run({ forMs: 5_000 });
    expect(sent).toBeLessThan(50_000);
    const heard: number[] = [];
    b.on('message', (message) => message instanceof Move && heard.push(message.x));
    await world.runUntil(() => heard.length === 50_000);
    expect(heard).toEqual(Array.from({ length: 50_000 }, (_, x) => x));
  });

  it('warns of lines that are no message and reads on', async () => {
    const { world, ada, bob } = await linkPair(new World());
    const b = new Messenger(bob, { ...lines, maxMessageBytes: 1_024 });
    const warnings: CableCarError[] = [];
    const heard: unknown[] = [];
    b.on('warning', (error) => warnings.push(error));
    b.on('message', (message) => heard.push(message));
    ada.attach({ onChunk() {}, onDrain() {}, onEnd() {}, onClose() {} });
    ada.write([
      Buffer.from(
        `not json\n["Nobody",{}]\n["Move",{"x":1}]\n${'x'.repeat(2_000)}\n["Move",{"x":2}]\n`,
      ),
    ]);
    await world.run({ forMs: 100 });
    expect(heard).toEqual([new Move({ x: 1 }), new Move({ x: 2 })]);
    expect(warnings.map(({ code }) => code).sort()).toEqual([
      'ERR_FRAME_TOO_LARGE',
      'ERR_MESSAGE_DECODE',
      'ERR_MESSAGE_UNKNOWN',
    ]);
    expect(b.closed).toBe(false);
  });

  it('closes on a length byte of 0 or 1, after which nothing can be told from anything', async () => {
    for (const length of [0, 1]) {
      const { world, ada, bob } = await linkPair(new World());
      const b = new Messenger(bob, frames);
      let end: unknown;
      b.on('close', ({ code, error }) => (end = [code, error?.code]));
      ada.attach({ onChunk() {}, onDrain() {}, onEnd() {}, onClose() {} });
      ada.write([Buffer.from([length, 2, 2])]);
      await world.run({ forMs: 100 });
      expect(end).toEqual(['fault', 'ERR_FRAME']);
    }
  });

  it('refuses at send() what a byte frame cannot carry, and up front what cannot travel at all', async () => {
    class Long extends byteMessage(0x11, { bytes: 'bytes' }) {}
    const { ada } = await linkPair(new World());
    const messenger = new Messenger(ada, { wire: 'classic-byte', messages: [Long] });
    expect(() => messenger.send(new Long({ bytes: new Uint8Array(253) }))).toThrow(
      /ERR_MESSAGE_TOO_LARGE/,
    );
    expect(messenger.send(new Long({ bytes: new Uint8Array(251) }))).toBe(true);
    const other = await linkPair(new World());
    expect(() => new Messenger(other.ada, { wire: 'classic-byte', messages: [Move] })).toThrow(
      /Move has no code/,
    );
    expect(() => new Messenger(other.ada, { wire: 'classic-json', messages: [Spot] })).toThrow(
      /0x10 has no name/,
    );
  });
});
