import { byteMessage, jsonMessage, MessageRegistry, type Message } from '@cablecar/core-protocol';
import type { Prng } from '@cablecar/simulator';

/** Every field type of a layout, alone, nested, optional and in arrays. */
class Everything extends byteMessage(0x20, {
  small: 'u8',
  middle: 'u16',
  large: 'u32',
  signed: { one: 'i8', two: 'i16', four: 'i32' },
  single: 'f32',
  double: 'f64',
  flag: 'bool',
  text: 'string',
  bytes: 'bytes',
  list: { array: { x: 'u8', name: { optional: 'string' } } },
  maybe: { optional: { array: 'i16' } },
}) {}

class Chat extends jsonMessage('Chat')<{ text: string; tags?: unknown }> {}

class Raw extends byteMessage(0x21)<{ bytes: Uint8Array }> {
  override encode(): Uint8Array {
    return this.bytes;
  }
  override decode(bytes: Uint8Array): void {
    this.bytes = bytes;
  }
}

export const SAMPLES = [Everything, Chat, Raw] as const;

export const registry = new MessageRegistry(SAMPLES);

/** A message of one of these classes. */
export function sample(prng: Prng): Message {
  switch (prng.below(3)) {
    case 0:
      return everything(prng);
    case 1:
      return new Chat({ text: text(prng), tags: json(prng, 3) });
    default:
      return new Raw({ bytes: prng.bytes(prng.below(20)) });
  }
}

/** A value of JSON, not deeper than `depth`. */
export function json(prng: Prng, depth: number): unknown {
  switch (prng.below(depth > 0 ? 7 : 5)) {
    case 0:
      return null;
    case 1:
      return prng.float() < 0.5;
    case 2:
      return prng.below(1_000_000) - 500_000;
    case 3:
      return (prng.float() - 0.5) * 1e6;
    case 4:
      return text(prng);
    case 5:
      return Array.from({ length: prng.below(4) }, () => json(prng, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: prng.below(4) }, (_, index) => [`k${index}`, json(prng, depth - 1)]),
      );
  }
}

/** One byte of UTF-8 to four, and what JSON gives a meaning. */
const LETTERS = ['a', 'b', ' ', '"', '\\', '\n', 'é', '漢', '\u{1f600}', '{', '}', '[', ']'];

export function text(prng: Prng): string {
  return Array.from({ length: prng.below(12) }, () => LETTERS[prng.below(LETTERS.length)]).join('');
}

function everything(prng: Prng): Everything {
  const maybe = <T>(value: T): T | undefined => (prng.float() < 0.5 ? value : undefined);
  return new Everything({
    small: prng.below(256),
    middle: prng.below(65_536),
    large: prng.uint32(),
    signed: {
      one: prng.below(256) - 128,
      two: prng.below(65_536) - 32_768,
      four: prng.uint32() | 0,
    },
    single: Math.fround(prng.float() * 1e6),
    double: prng.float() * 1e12,
    flag: prng.float() < 0.5,
    text: text(prng),
    bytes: prng.bytes(prng.below(20)),
    list: Array.from({ length: prng.below(4) }, () => ({
      x: prng.below(256),
      name: maybe(text(prng)),
    })),
    maybe: maybe(Array.from({ length: prng.below(5) }, () => prng.below(1_000) - 500)),
  });
}
