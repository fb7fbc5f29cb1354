import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { CableCarError } from './cablecar-error.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

const codes = Object.keys(ERROR_CODES) as ErrorCode[];

describe('the table of error codes', () => {
  it.each(codes)('says of %s whose doing it is, what it means and what to do', (code) => {
    const { origin, meaning, remedy } = ERROR_CODES[code];
    expect(code).toMatch(/^ERR_[A-Z]+(_[A-Z]+)*$/);
    expect(['local', 'remote', 'system']).toContain(origin);
    for (const sentence of [meaning, remedy]) expect(sentence).toMatch(/^[A-Z`].*[^.]\.$/);
  });

  it('says nothing twice', () => {
    for (const field of ['meaning', 'remedy'] as const) {
      const sentences = codes.map((code) => ERROR_CODES[code][field]);
      const twice = sentences.filter((sentence, index) => sentences.indexOf(sentence) !== index);
      expect(twice).toEqual([]);
    }
  });
});

describe('CableCarError', () => {
  const error = new CableCarError('ERR_FRAME', 'a torn frame came, expected a whole one');

  it('has the code before its sentence, and as a field, with the origin', () => {
    expect(error.message).toBe('[ERR_FRAME] a torn frame came, expected a whole one');
    expect(error).toMatchObject({ code: 'ERR_FRAME', origin: 'remote', name: 'CableCarError' });
  });

  it.each(codes)('takes the origin of %s from the table', (code) => {
    expect(new CableCarError(code, 'seen, expected').origin).toBe(ERROR_CODES[code].origin);
  });

  it('is an Error, and prints as itself', () => {
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe(`CableCarError: ${error.message}`);
    expect(error.stack).toMatch(/^CableCarError: \[ERR_FRAME\] a torn frame/);
    expect(inspect(error)).toMatch(/^CableCarError: \[ERR_FRAME\] a torn frame/);
    expect(Object.keys(error).toSorted()).toEqual(['code', 'origin']);
  });

  it('has the cause that it was given, undefined included, and else none', () => {
    const cause = new Error('EPIPE');
    expect(new CableCarError('ERR_SYSTEM', 'x', { cause }).cause).toBe(cause);
    expect('cause' in new CableCarError('ERR_SYSTEM', 'x', { cause: undefined })).toBe(true);
    expect('cause' in error).toBe(false);
  });

  describe('is()', () => {
    it('knows a CableCarError, of a code where one is asked for', () => {
      expect(CableCarError.is(error)).toBe(true);
      expect(CableCarError.is(error, 'ERR_FRAME')).toBe(true);
      expect(CableCarError.is(error, 'ERR_CLOSED')).toBe(false);
    });

    it('knows one that another copy of the module made', async () => {
      vi.resetModules();
      const other = await import('./cablecar-error.ts');
      expect(other.CableCarError).not.toBe(CableCarError);
      const foreign = new other.CableCarError('ERR_CLOSED', 'closed, expected open');
      expect(foreign).not.toBeInstanceOf(CableCarError);
      expect(CableCarError.is(foreign, 'ERR_CLOSED')).toBe(true);
      expect(CableCarError.is(foreign, 'ERR_FRAME')).toBe(false);
      expect(other.CableCarError.is(error)).toBe(true);
    });

    it.each([undefined, null, 'ERR_FRAME', 7, {}, new Error('x'), { code: 'ERR_FRAME' }, () => {}])(
      'does not take %s for one',
      (value) => {
        expect(CableCarError.is(value)).toBe(false);
        expect(CableCarError.is(value, 'ERR_FRAME')).toBe(false);
      },
    );
  });

  describe('from()', () => {
    it('leaves a CableCarError as it is', () => {
      expect(CableCarError.from(error, 'ERR_SYSTEM', 'trouble')).toBe(error);
    });

    it.each([new Error('EPIPE'), 'a string', undefined, null])('wraps %s as the cause', (value) => {
      const wrapped = CableCarError.from(value, 'ERR_SYSTEM', 'trouble, expected none');
      expect(wrapped).toBeInstanceOf(CableCarError);
      expect(wrapped.message).toBe('[ERR_SYSTEM] trouble, expected none');
      expect(wrapped.cause).toBe(value);
      expect('cause' in wrapped).toBe(true);
    });
  });
});
