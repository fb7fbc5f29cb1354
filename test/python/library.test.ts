import { readFile } from 'node:fs/promises';
import { fc } from '@fast-check/vitest';
import { ByteWriter, writeClassicFrame, writeClassicLine } from '@cablecar/core-protocol';
import { describe, expect, it } from 'vitest';
import { pythonEnvironment, runPython } from './environment.ts';

const python = await pythonEnvironment();

interface Reread {
  readonly messages: readonly {
    readonly name: string;
    readonly code: number;
    readonly attributes: unknown;
    readonly payload: string;
    readonly bytes: string;
  }[];
  readonly left: string;
}

/** What the installed library makes of a stream of messages. */
async function reread(wire: 'json' | 'byte', messages: readonly Buffer[]): Promise<Reread> {
  const stream = Buffer.concat(messages).toString('hex');
  return JSON.parse(await runPython(python ?? '', 'reread.py', [wire], stream)) as Reread;
}

function written(write: (writer: ByteWriter) => void): Buffer {
  const writer = new ByteWriter();
  write(writer);
  return writer.copyItem();
}

/** Values as make_vectors.py tags them. */
function tag(value: unknown): unknown {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
    return Object.is(value, -0) ? { float: '8000000000000000' } : { int: String(value) };
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return { float: bytes.toString('hex') };
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(tag);
  return { dict: Object.entries(value).map(([key, item]) => [key, tag(item)]) };
}

const text = fc.string({ unit: 'binary', maxLength: 12 });
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, false, NaN, Infinity, -Infinity, -0, 2 ** 53, 1e16, 1e21, 1e-5),
    fc.double(),
    fc.maxSafeInteger(),
    fc
      .bigInt({ min: 2n ** 53n, max: 2n ** 1000n })
      .map((size) => (size % 2n === 0n ? size : -size)),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const attributes = fc.dictionary(text, value, { maxKeys: 4, noNullPrototype: true });

describe.skipIf(python === undefined)('the installed Python library', () => {
  it('still encodes what the stored vectors say', async () => {
    const stored = await readFile(new URL('vectors.json', import.meta.url), 'utf8');
    expect(JSON.parse(await runPython(python ?? '', 'make_vectors.py'))).toEqual(
      JSON.parse(stored),
    );
  });

  it('reads every JSON message written here as the same values, and writes the same bytes for them', async () => {
    const samples = fc.sample(fc.tuple(fc.stringMatching(/^[A-Za-zÀ-ž_]{1,12}$/), attributes), {
      numRuns: 1_000,
      seed: 20_260_101,
    });
    const lines = samples.map(([name, values]) =>
      written((writer) => writeClassicLine(writer, name, values)),
    );
    const { messages, left } = await reread('json', lines);
    expect(left).toBe('');
    messages.forEach((message, at) => {
      const [name, values] = samples[at] ?? [];
      expect(message.name).toBe(name);
      expect(message.attributes).toEqual(tag(values));
      expect(message.bytes).toBe(lines[at]?.toString('hex'));
    });
    expect(messages).toHaveLength(lines.length);
  });

  it('reads a message at every limit that is set here', async () => {
    let deep: unknown = [];
    for (let depth = 3; depth < 500; depth++) deep = [deep];
    const lines = [{ deep }, { long: 10n ** 4300n - 1n }, { large: 'x'.repeat(1 << 20) }].map(
      (values) => written((writer) => writeClassicLine(writer, 'MsgJoin', values)),
    );
    const { messages, left } = await reread('json', lines);
    expect(left).toBe('');
    expect(messages.map(({ bytes }) => bytes)).toEqual(lines.map((line) => line.toString('hex')));
  });

  it('reads every byte message written here and writes the same bytes for it', async () => {
    const frames = Array.from({ length: 254 }, (_, length) => {
      const payload = Buffer.alloc(length, length);
      return written((writer) => writeClassicFrame(writer, 0x05 + (length % 0xfb), payload));
    });
    const { messages, left } = await reread('byte', frames);
    expect(left).toBe('');
    expect(messages.map(({ bytes }) => bytes)).toEqual(
      frames.map((frame) => frame.toString('hex')),
    );
  });
});
