import { CableCarError } from '@cablecar/core-protocol';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../test/compliance/manual-clock.ts';
import { WarningLimit } from './warning-limit.ts';

test('of one kind and source, one warning a minute comes through', () => {
  const clock = new ManualClock();
  const seen: string[] = [];
  const limit = new WarningLimit(clock, ({ message }) => seen.push(message.split('] ')[1] ?? ''));
  const warn = (source: string, code: 'ERR_SYSTEM' | 'ERR_UNREACHABLE', sentence: string): void => {
    limit.warn(source, new CableCarError(code, sentence));
  };
  warn('eth0', 'ERR_SYSTEM', 'first');
  warn('eth0', 'ERR_SYSTEM', 'again');
  warn('eth1', 'ERR_SYSTEM', 'elsewhere');
  warn('eth0', 'ERR_UNREACHABLE', 'of another kind');
  clock.advance(59_999);
  warn('eth0', 'ERR_SYSTEM', 'still within the minute');
  clock.advance(1);
  warn('eth0', 'ERR_SYSTEM', 'a minute later');
  expect(seen).toEqual(['first', 'elsewhere', 'of another kind', 'a minute later']);
});
