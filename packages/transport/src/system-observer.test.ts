import { CableCarError, type Note } from '@cablecar/core-protocol';
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import { logTo } from './debug-log.ts';
import { systemObserver } from './system-observer.ts';

const DIAL: Note = { kind: 'dial', endpoint: { host: '10.0.0.2', port: 7 } };

test('a note goes to who has subscribed to its channel, as it is, and to nobody else', () => {
  const seen: unknown[] = [];
  const listener = (note: unknown): unknown => seen.push(note);
  systemObserver.note(DIAL);
  subscribe('cablecar:dial', listener);
  const error = new CableCarError('ERR_TIMEOUT', 'late, expected sooner');
  systemObserver.note({ kind: 'warning', peer: undefined, error });
  systemObserver.note(DIAL);
  unsubscribe('cablecar:dial', listener);
  systemObserver.note(DIAL);
  expect(seen).toEqual([DIAL]);
});

test('what DEBUG asks for is written as one line each, with the time before it', () => {
  const lines: string[] = [];
  logTo((line) => lines.push(line), 'cablecar:d*');
  expect(channel('cablecar:dial').hasSubscribers).toBe(true);
  expect(channel('cablecar:peer').hasSubscribers).toBe(false);
  systemObserver.note(DIAL);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z cablecar:dial endpoint=10\.0\.0\.2:7\n$/,
  );
});
