import { describe, expect, test } from 'vitest';
import { FirstRecord } from './first-record.ts';

const RECORD = Buffer.from([0x16, 3, 1, 0, 3, 1, 2, 3]);

describe('the first record', () => {
  test('is given once all of it has come, with what came behind it', () => {
    expect(new FirstRecord().push(RECORD)).toEqual(RECORD);
    const first = new FirstRecord();
    for (const byte of RECORD.subarray(0, -1))
      expect(first.push(Buffer.from([byte]))).toBeUndefined();
    const rest = Buffer.from([3, 9, 9]);
    expect(first.push(rest)).toEqual(Buffer.concat([RECORD, Buffer.from([9, 9])]));
  });

  test('that promises more than a record may have is given to TLS once that much has come (T8)', () => {
    const first = new FirstRecord();
    expect(first.push(Buffer.from([0x16, 3, 1, 0xff, 0xff]))).toBeUndefined();
    expect(first.push(Buffer.alloc(2 ** 14 - 1))).toBeUndefined();
    expect(first.push(Buffer.alloc(1))).toHaveLength(2 ** 14 + 5);
  });

  test.each(['GET / HTTP/1.1', 'CCAR', '\u0017'])('is none where it begins as %j', (text) => {
    expect(new FirstRecord().push(Buffer.from(text))).toBeNull();
  });
});
