import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ByteWriter } from '../bytes/byte-writer.ts';
import type { CableCarError } from '../errors/cablecar-error.ts';
import { byteMessage } from './byte-message.ts';
import type { Message, MessageClass } from './message.ts';
import { MessageRegistry, type MessageType } from './message-registry.ts';

class Ready extends byteMessage(0x20) {}

class Level extends byteMessage(0x20)<{ level: number }> {
  override encode(): Uint8Array {
    return Uint8Array.of(this.level);
  }
  override decode(bytes: Uint8Array): void {
    if (bytes.length !== 1) throw new RangeError('one byte is a level');
    this.level = bytes[0] as number;
  }
  next(): number {
    return this.level + 1;
  }
}

function typeOf(messageClass: MessageClass): MessageType {
  return new MessageRegistry([messageClass]).byCode(0x20) as MessageType;
}

function encode(message: Message): Buffer {
  const writer = new ByteWriter();
  typeOf(message.constructor as MessageClass).encode(message, writer);
  return writer.copyItem();
}

function decode(messageClass: MessageClass, ...bytes: number[]): Message | CableCarError {
  const chunk = Uint8Array.of(0xaa, ...bytes, 0xbb);
  return typeOf(messageClass).decode(chunk, 1, 1 + bytes.length);
}

describe('a byte message that is only its type', () => {
  it('travels as no bytes at all', () => {
    expect(encode(new Ready())).toHaveLength(0);
    expect(decode(Ready)).toStrictEqual(new Ready());
  });

  it('is refused with bytes', () => {
    expect((decode(Ready, 1) as CableCarError).message).toContain(
      '[ERR_MESSAGE_DECODE] Ready (0x20) came with 1 bytes',
    );
  });

  it('is refused with attributes, which would be lost', () => {
    class Forgot extends byteMessage(0x20)<{ username: string }> {}
    expect(() => encode(new Forgot({ username: 'ada' }))).toThrow(
      '[ERR_MESSAGE_ENCODE] the attribute "username" of Forgot (0x20) would be lost',
    );
  });
});

describe('a byte message that codes itself', () => {
  it('travels as the bytes it makes and arrives as an instance of its class', () => {
    expect(encode(new Level({ level: 7 }))).toEqual(Buffer.of(7));
    const arrived = decode(Level, 7) as Level;
    expect(arrived).toStrictEqual(new Level({ level: 7 }));
    expect(arrived.next()).toBe(8);
  });

  it('is given bytes that are its own to keep and to change', () => {
    class Raw extends byteMessage(0x20)<{ bytes: Uint8Array }> {
      override decode(bytes: Uint8Array): void {
        this.bytes = bytes.fill(0xff);
      }
    }
    const chunk = Buffer.of(1, 2, 3, 4);
    const arrived = typeOf(Raw).decode(chunk, 1, 3) as Raw;
    expect(arrived.bytes).toEqual(Uint8Array.of(0xff, 0xff));
    expect([chunk[0], chunk[3]]).toEqual([1, 4]);
  });

  it('refuses bytes by throwing', () => {
    const error = decode(Level, 1, 2) as CableCarError;
    expect(error.code).toBe('ERR_MESSAGE_DECODE');
    expect(error.message).toContain('decoding Level (0x20) threw');
    expect(error.cause).toEqual(new RangeError('one byte is a level'));
  });

  it.each([undefined, null, 'text', [1, 2], new ArrayBuffer(1)])(
    'may not encode to %o',
    (given) => {
      class Odd extends byteMessage(0x20) {
        override encode(): Uint8Array {
          return given as unknown as Uint8Array;
        }
      }
      expect(() => encode(new Odd())).toThrow('encode() of Odd (0x20) gave');
    },
  );

  it('says whose encode() threw', () => {
    class Broken extends byteMessage(0x20) {
      override encode(): Uint8Array {
        throw new RangeError('no');
      }
    }
    expect(() => encode(new Broken())).toThrow(
      '[ERR_MESSAGE_ENCODE] encode() of Broken (0x20) threw',
    );
  });

  it('takes attributes as a JSON message does', () => {
    const planted = JSON.parse('{"__proto__":1}') as { level: number };
    expect(() => new Level(planted)).toThrow('ERR_MESSAGE_ENCODE');
    expect(() => new Level({ level: 1, next: 2 } as { level: number })).toThrow(
      'member of its class',
    );
  });

  describe('asynchronously', () => {
    const unhandled = vi.fn<(reason: unknown) => void>();
    beforeEach(() => void process.on('unhandledRejection', unhandled));
    afterEach(() => void process.off('unhandledRejection', unhandled));

    it('is refused, and its rejection ends nothing', async () => {
      class Late extends byteMessage(0x20) {
        // oxlint-disable-next-line typescript/no-misused-promises -- the mistake in question
        override async decode(): Promise<void> {
          await Promise.reject(new Error('late'));
        }
      }
      expect(decode(Late)).toMatchObject({ code: 'ERR_MESSAGE_DEFINITION' });
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled).not.toHaveBeenCalled();
    });
  });
});
