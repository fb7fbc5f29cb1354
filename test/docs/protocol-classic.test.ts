import {
  byteMessage,
  ByteWriter,
  ClassicByteDecoder,
  jsonMessage,
  MessageRegistry,
  MsgIdentify,
  MsgQuit,
  readClassicLine,
  writeClassicFrame,
  writeClassicLine,
  type Message,
} from '@cablecar/core-protocol';
import { World } from '@cablecar/simulator';
import { BroadcastConnector } from '@cablecar/discovery';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
const text = page.slice(page.search(/^## 9 /m));

/** Every example in hexadecimal digits, by the line before it. */
const examples = new Map(
  [...text.matchAll(/^(.+):\n\n```hex\n([^`]*)```$/gm)].map(([, title = '', hex = '']) => [
    title,
    Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'),
  ]),
);

class Chat extends jsonMessage('Chat')<{ text: string; numbers: unknown[] }> {}
class Raw extends byteMessage(0x21) {}

const registry = new MessageRegistry([Chat, Raw]);

/** The frames that these messages are. */
function framesOf(messages: readonly Message[]): Buffer {
  return Buffer.concat(
    messages.map((message) => {
      const type = registry.typeOf(message);
      const payload = new ByteWriter();
      type.encode(message, payload);
      const writer = new ByteWriter();
      writeClassicFrame(writer, type.code ?? -1, payload.copyItem());
      return writer.copyItem();
    }),
  );
}

/** What each example is, and that this is how it is read. */
const EXPECTED: Readonly<Record<string, (bytes: Buffer) => Promise<void> | void>> = {
  'The datagram of every program': async (bytes) => {
    const world = new World();
    const sent: string[] = [];
    world.observe(({ kind, bytes: payload }) => {
      if (kind === 'datagram:sent') sent.push(Buffer.from(payload ?? []).toString('hex'));
    });
    const { transport } = world.host('ada');
    const connector = new BroadcastConnector({ wire: 'classic-json', transport });
    await world.runUntil(connector.start());
    expect(new Set(sent)).toEqual(new Set([bytes.toString('hex')]));
  },
  'The Chat with the text "né" and the numbers 1, 0.1, 2<sup>64</sup> and NaN': (bytes) => {
    const chat = new Chat({ text: 'né', numbers: [1, 0.1, 2n ** 64n, NaN] });
    const { name, attributes } = readClassicLine(bytes, 0, bytes.length - 1);
    expect(registry.byName(name)?.fromAttributes(attributes)).toStrictEqual(chat);
    const writer = new ByteWriter();
    writeClassicLine(writer, 'Chat', registry.typeOf(chat).attributesOf(chat));
    expect(writer.copyItem().toString('hex')).toBe(bytes.toString('hex'));
  },
  'The MsgIdentify of ada on lab, and a MsgQuit behind it': (bytes) => {
    const sent = [new MsgIdentify({ username: 'ada', hostname: 'lab' }), new MsgQuit()];
    expect(framesOf(sent).toString('hex')).toBe(bytes.toString('hex'));
    const decoder = new ClassicByteDecoder();
    decoder.push(bytes);
    for (const message of sent) {
      expect(decoder.next()).toBe(true);
      const { type, start, end } = decoder;
      expect(registry.byCode(type)?.decode(decoder.bytes, start, end)).toStrictEqual(message);
    }
    expect(decoder.next()).toBe(false);
  },
};

describe('the examples of docs/protocol.md, section 9', () => {
  it('are all known here, and each has a line of its own that says what it is', () => {
    expect([...examples.keys()].toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
    expect(text.match(/```hex/g)).toHaveLength(examples.size);
  });

  it.each(Object.entries(EXPECTED))('decode: %s', async (title, check) => {
    await check(examples.get(title) ?? Buffer.alloc(0));
  });
});
