import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { cleanName, cleanText, MAX_NAME_LENGTH } from './clean-text.ts';

const ID = '0123456789abcdef0123456789abcdef';

describe('cleanText (§1.1(1))', () => {
  test.each([
    ['Ada', 'Ada'],
    ['  Ada \t', 'Ada'],
    ['\u001b[31mred\u0007', '[31mred'],
    ['line\nbreak\r\n', 'linebreak'],
    ['\u0080\u009f\u007f', ''],
    ['evil\u202Etxt.exe', 'eviltxt.exe'],
    ['\u2066a\u2069\u200E\u200F\u061C', 'a'],
    ['a\ud800b\udfffc', 'abc'],
    ['one\u2028two\u2029', 'onetwo'],
    ['e\u0301', '\u00e9'],
    ['👩\u200d👩\u200d👧', '👩\u200d👩\u200d👧'],
  ])('%j becomes %j (T18)', (text, clean) => {
    expect(cleanText(text, MAX_NAME_LENGTH)).toBe(clean);
  });

  test('cuts by characters, never in the middle of one', () => {
    expect(cleanText('😀'.repeat(100), 64)).toBe('😀'.repeat(64));
  });

  prop.prop([fc.string({ unit: 'binary' })])(
    'is harmless, short, and cleaned once for all',
    (text) => {
      const clean = cleanText(text, 16);
      expect([...clean].length).toBeLessThanOrEqual(16);
      expect(clean).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}]/u);
      expect(cleanText(clean, 16)).toBe(clean);
    },
  );
});

test('a name of which nothing is left becomes the beginning of the id', () => {
  expect(cleanName('\u0000\u202e', ID)).toBe('01234567');
  expect(cleanName('Ada', ID)).toBe('Ada');
});
