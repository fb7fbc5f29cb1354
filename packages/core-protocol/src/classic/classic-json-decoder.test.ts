import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ClassicJsonDecoder } from './classic-json-decoder.ts';

function linesOf(decoder: ClassicJsonDecoder, chunk: Uint8Array | string): string[] {
  decoder.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  const lines: string[] = [];
  while (decoder.next()) lines.push(decoder.bytes.toString('utf8', decoder.start, decoder.end));
  return lines;
}

describe('a classic JSON decoder', () => {
  it('cuts a chunk into its lines, in place', () => {
    const decoder = new ClassicJsonDecoder(100);
    const chunk = Buffer.from('one\ntwo\n\nfour\n');
    decoder.push(chunk);
    expect(decoder.next()).toBe(true);
    expect(decoder.bytes).toBe(chunk);
    expect([decoder.type, decoder.start, decoder.end, decoder.frameBytes]).toEqual([0, 0, 3, 4]);
    expect(linesOf(decoder, 'two\n\nfour\n')).toEqual(['two', '', 'four']);
  });

  it('waits for the newline and keeps what has come', () => {
    const decoder = new ClassicJsonDecoder(100);
    expect(linesOf(decoder, 'first\nsec')).toEqual(['first']);
    expect(decoder.bufferedBytes).toBe(3);
    expect(linesOf(decoder, 'o')).toEqual([]);
    expect(linesOf(decoder, 'nd\nthird\nfou')).toEqual(['second', 'third']);
    expect(linesOf(decoder, 'rth\n')).toEqual(['fourth']);
    expect(decoder.bufferedBytes).toBe(0);
  });

  it('leaves a line that was copied to its reader', () => {
    const decoder = new ClassicJsonDecoder(100);
    expect(linesOf(decoder, 'kept')).toEqual([]);
    decoder.push(Buffer.from(' line\n'));
    expect(decoder.next()).toBe(true);
    const { bytes, start, end } = decoder;
    linesOf(decoder, 'overwriting? ');
    linesOf(decoder, 'no\n');
    expect(bytes.toString('utf8', start, end)).toBe('kept line');
  });

  it('takes a line as long as allowed and skips one that is longer, wherever it is cut', () => {
    for (const cut of [1, 2, 5, 8, 9, 10, 11, 12, 40]) {
      const decoder = new ClassicJsonDecoder(8);
      const stream = Buffer.from('12345678\n123456789\nok\n12345678901234567890\nend\n');
      const lines: string[] = [];
      for (let at = 0; at < stream.length; at += cut) {
        lines.push(...linesOf(decoder, stream.subarray(at, at + cut)));
      }
      expect(lines).toEqual(['12345678', 'ok', 'end']);
      expect(decoder.takeWarning()?.code).toBe('ERR_FRAME_TOO_LARGE');
      expect(decoder.error).toBeUndefined();
    }
  });

  it('keeps none of an endless line and reads on after it (§9.2(4))', () => {
    const decoder = new ClassicJsonDecoder(1024);
    const chunk = Buffer.alloc(65_536, 'x');
    for (let count = 0; count < 1_000; count++) {
      expect(linesOf(decoder, chunk)).toEqual([]);
      expect(decoder.bufferedBytes).toBe(0);
    }
    expect(decoder.takeWarning()?.code).toBe('ERR_FRAME_TOO_LARGE');
    expect(linesOf(decoder, 'x\nnext\n')).toEqual(['next']);
    expect(decoder.takeWarning()).toBeUndefined();
  });

  it('holds at most twice what has arrived of a line', () => {
    const decoder = new ClassicJsonDecoder(1 << 20);
    for (let sent = 100; sent <= 10_000; sent += 100) {
      linesOf(decoder, Buffer.alloc(100, 'x'));
      expect(decoder.bufferedBytes).toBe(sent);
    }
    expect(linesOf(decoder, '\n')[0]).toHaveLength(10_000);
    expect(decoder.bytes.buffer.byteLength).toBeLessThanOrEqual(20_000);
  });

  test.prop([fc.array(fc.stringMatching(/^[^\n]{0,40}$/)), fc.array(fc.nat(60))])(
    'gives the same lines wherever the stream is cut',
    (lines, cuts) => {
      const stream = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const decoder = new ClassicJsonDecoder(1_000);
      const seen: string[] = [];
      let at = 0;
      for (const cut of [...cuts, stream.length]) {
        seen.push(...linesOf(decoder, stream.subarray(at, at + cut)));
        at += cut;
      }
      expect(seen).toEqual(lines.map((line) => Buffer.from(line).toString()));
    },
  );
});
