import { describe, expect, it } from 'vitest';
import { debugFilter } from './debug-log.ts';

describe('the names that DEBUG asks for', () => {
  it('are none where there is no DEBUG, or one for others', () => {
    for (const wanted of [undefined, '', ' ', 'express:*', 'cablecar', 'xcablecar:*']) {
      expect(debugFilter(wanted)('cablecar:peer'), wanted).toBe(false);
    }
  });

  it('are named one by one, or with wildcards anywhere', () => {
    for (const wanted of ['*', 'cablecar:*', 'cablecar:peer', 'a,cablecar:peer', 'a  *:p*r']) {
      expect(debugFilter(wanted)('cablecar:peer'), wanted).toBe(true);
    }
    expect(debugFilter('cablecar:dial')('cablecar:dial-failed')).toBe(false);
    expect(debugFilter('cablecar:dial*')('cablecar:dial-failed')).toBe(true);
  });

  it('are without those that it does not want, wherever it says so', () => {
    for (const wanted of ['cablecar:*,-cablecar:beacon', '-cablecar:b* *']) {
      expect(debugFilter(wanted)('cablecar:beacon')).toBe(false);
      expect(debugFilter(wanted)('cablecar:peer')).toBe(true);
    }
  });

  it('take nothing but the wildcard for more than itself', () => {
    expect(debugFilter('cablecar.peer')('cablecar:peer')).toBe(false);
    expect(debugFilter('(')('cablecar:peer')).toBe(false);
  });
});
