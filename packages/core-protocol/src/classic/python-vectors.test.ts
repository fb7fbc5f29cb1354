import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { ClassicByteDecoder } from './classic-byte-decoder.ts';
import { ClassicJsonDecoder } from './classic-json-decoder.ts';
import { readClassicLine } from './read-classic-line.ts';
import { writeClassicFrame, writeClassicLine } from './write-classic.ts';

type Tagged =
  | string
  | boolean
  | null
  | readonly Tagged[]
  | { readonly int: string }
  | { readonly float: string }
  | { readonly dict: readonly (readonly [string, Tagged])[] };

interface JsonVector {
  readonly title: string;
  readonly name: string;
  readonly attributes: Tagged;
  readonly bytes: string;
  readonly again?: string;
}

interface ByteVector {
  readonly title: string;
  readonly code: number;
  readonly payload: string;
  readonly bytes: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../../test/python/vectors.json', import.meta.url), 'utf8'),
) as { readonly json: readonly JsonVector[]; readonly byte: readonly ByteVector[] };

/** The value of a vector as this side has it. */
function untag(value: Tagged): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(untag);
  if ('int' in value) {
    const number = Number(value.int);
    return Number.isSafeInteger(number) ? number : BigInt(value.int);
  }
  if ('float' in value) return Buffer.from(value.float, 'hex').readDoubleBE();
  const { dict } = value as { dict: readonly (readonly [string, Tagged])[] };
  return Object.fromEntries(dict.map(([key, item]) => [key, untag(item)]));
}

function written(write: (writer: ByteWriter) => number): string {
  const writer = new ByteWriter();
  expect(write(writer)).toBe(writer.length);
  return writer.copyItem().toString('hex');
}

describe('the JSON messages of the Python library', () => {
  it.for(vectors.json)('$title: reads as its values and is written as its bytes', (vector) => {
    const decoder = new ClassicJsonDecoder(1 << 20);
    decoder.push(Buffer.from(vector.bytes, 'hex'));
    expect(decoder.next()).toBe(true);
    const line = readClassicLine(decoder.bytes, decoder.start, decoder.end);
    expect(decoder.next()).toBe(false);
    expect(decoder.bufferedBytes).toBe(0);

    expect(line.name).toBe(vector.name);
    assert.deepStrictEqual(line.attributes, untag(vector.attributes));
    expect(written((writer) => writeClassicLine(writer, line.name, line.attributes))).toBe(
      vector.again ?? vector.bytes,
    );
  });

  it('differ when written again only for whole floats and for keys that are array indices', () => {
    const differing = vectors.json.filter((vector) => vector.again !== undefined);
    for (const { title } of differing) expect(title).toMatch(/^float -?\d+\.0$|array indices/);
    expect(differing.length).toBeLessThan(10);
  });

  it('are read from one stream cut anywhere', () => {
    const stream = Buffer.concat(vectors.json.map(({ bytes }) => Buffer.from(bytes, 'hex')));
    for (const size of [1, 7, 1024]) {
      const decoder = new ClassicJsonDecoder(1 << 20);
      const lines: string[] = [];
      for (let at = 0; at < stream.length; at += size) {
        decoder.push(Buffer.from(stream.subarray(at, at + size)));
        while (decoder.next()) {
          lines.push(`${decoder.bytes.toString('hex', decoder.start, decoder.end)}0a`);
        }
      }
      expect(lines).toEqual(vectors.json.map(({ bytes }) => bytes));
    }
  });
});

describe('the byte messages of the Python library', () => {
  it.for(vectors.byte)('$title: reads as its payload and is written as its bytes', (vector) => {
    const decoder = new ClassicByteDecoder();
    decoder.push(Buffer.from(vector.bytes, 'hex'));
    expect(decoder.next()).toBe(true);
    expect(decoder.type).toBe(vector.code);
    const payload = decoder.bytes.subarray(decoder.start, decoder.end);
    expect(payload.toString('hex')).toBe(vector.payload);
    expect(decoder.next()).toBe(false);
    expect(decoder.bufferedBytes).toBe(0);

    expect(written((writer) => writeClassicFrame(writer, vector.code, payload))).toBe(vector.bytes);
  });

  it('are read from one stream cut anywhere', () => {
    const stream = Buffer.concat(vectors.byte.map(({ bytes }) => Buffer.from(bytes, 'hex')));
    for (const size of [1, 2, 3, 100, 1024]) {
      const decoder = new ClassicByteDecoder();
      const payloads: string[] = [];
      for (let at = 0; at < stream.length; at += size) {
        decoder.push(Buffer.from(stream.subarray(at, at + size)));
        while (decoder.next()) {
          payloads.push(decoder.bytes.toString('hex', decoder.start, decoder.end));
        }
      }
      expect(payloads).toEqual(vectors.byte.map(({ payload }) => payload));
    }
  });
});
