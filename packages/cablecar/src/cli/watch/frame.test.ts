import { describe, expect, it } from 'vitest';
import { fit, textWidth } from '../text-width.ts';
import { frameOf, type WatchView } from './frame.ts';
import type { PeerRow } from './peer-row.ts';
import { duration, quantity } from './quantity.ts';
import { sparkline } from './sparkline.ts';

const BOB: PeerRow = {
  id: 'b0'.repeat(16),
  name: 'bob',
  address: '10.0.0.2:4242',
  roundTripMs: 0.4123,
  roundTrips: [0.1, 0.2, 0.4],
  ...{ messagesIn: 1234, messagesOut: 5.25, bytesIn: 2_000_000, bytesOut: 0 },
  ...{ queue: 3, state: 'alive', sinceMs: 61_000, road: 'broadcast, dialled' },
};

const VIEW: WatchView = {
  service: 'chess',
  name: 'ada',
  peers: [BOB, { ...BOB, name: '名前'.repeat(12), state: 'suspect' }],
  services: [{ name: 'chess', programs: 3, hosts: ['10.0.0.1', '10.0.0.2'] }],
  events: ['12:00:00 bob came', '12:00:01 eve left'],
};

const plain = (_: string, text: string): string => text;

describe('the screen of watch', () => {
  it('is a table of peers, the services, and what happened', () => {
    expect(frameOf(VIEW, { columns: 160, rows: 14 }, plain)).toEqual([
      'cablecar watch · service chess · as ada · 2 peers',
      'NAME              ADDRESS                  RTT ms                  IN/s    IN B/s   OUT/s   OUT B/s   QUEUE  STATE    SINCE  ROAD',
      'bob               10.0.0.2:4242              0.41           ▃▅█    1.2k        2M     5.3         0       3  alive       1m  broadcast, dialled',
      '名前名前名前名…   10.0.0.2:4242              0.41           ▃▅█    1.2k        2M     5.3         0       3  suspect     1m  broadcast, dialled',
      '',
      'Services',
      'chess               3 programs    10.0.0.1, 10.0.0.2',
      '',
      'Events',
      '12:00:00 bob came',
      '12:00:01 eve left',
      '',
      '',
      'p ping · q quit',
    ]);
  });

  it('fits every screen, however small, and whatever there is to show', () => {
    const many: WatchView = {
      ...VIEW,
      peers: Array.from({ length: 40 }, (_, index) => ({ ...BOB, name: `peer-${index}` })),
      services: Array.from({ length: 20 }, (_, index) => ({
        ...{ name: `#${'0'.repeat(15)}${index}`, programs: index, hosts: ['10.0.0.1'] },
      })),
      events: Array.from({ length: 100 }, (_, index) => `event ${index}`),
    };
    for (const view of [VIEW, many, { ...VIEW, peers: [], services: [], events: [] }]) {
      for (let columns = 1; columns <= 170; columns += 13) {
        for (let rows = 1; rows <= 60; rows += rows < 12 ? 1 : 7) {
          const frame = frameOf(view, { columns, rows }, plain);
          expect(frame, `${columns} x ${rows}`).toHaveLength(rows);
          expect(Math.max(...frame.map(textWidth))).toBeLessThanOrEqual(columns);
        }
      }
    }
  });

  it('says how many peers there was no room for, and keeps the latest events', () => {
    const peers = Array.from({ length: 40 }, (_, index) => ({ ...BOB, name: `peer-${index}` }));
    const events = Array.from({ length: 100 }, (_, index) => `event ${index}`);
    const frame = frameOf({ ...VIEW, peers, events }, { columns: 80, rows: 24 }, plain);
    const more = frame.find((line) => line.startsWith('… and ')) ?? '';
    const shown = frame.filter((line) => line.startsWith('peer-')).length;
    expect(more).toBe(`… and ${40 - shown} more`);
    expect(shown).toBeGreaterThan(8);
    expect(frame.at(-2)).toBe('event 99');
  });

  it('leaves out the least important columns where it is narrow', () => {
    const [, head] = frameOf(VIEW, { columns: 60, rows: 14 }, plain);
    expect(head).toBe('NAME              ADDRESS                  RTT ms  STATE');
  });

  it('paints a peer that is suspect', () => {
    const frame = frameOf(VIEW, { columns: 80, rows: 14 }, (style, text) => `<${style}>${text}`);
    expect(frame.filter((line) => line.startsWith('<yellow>'))).toHaveLength(1);
  });
});

describe('the cells of watch', () => {
  it('are short quantities and durations', () => {
    expect([0, 0.25, 7.04, 12.4, 999, 1000, 123_456, 5e9, 7e12].map(quantity)).toEqual([
      '0',
      '0.3',
      '7.0',
      '12',
      '999',
      '1k',
      '123k',
      '5G',
      '7000G',
    ]);
    expect([0, 59_999, 60_000, 7_200_000, 200_000_000].map(duration)).toEqual([
      '0s',
      '59s',
      '1m',
      '2h',
      '2d',
    ]);
  });

  it('are bars in proportion to the greatest', () => {
    expect(sparkline([1, 4, 8, 2], 4)).toBe('▂▅█▃');
    expect(sparkline([9, 1, 1], 2)).toBe('██');
    expect(sparkline([0, 0], 3)).toBe(' ▁▁');
    expect(sparkline([], 3)).toBe('   ');
  });

  it('are as wide as terminals show them', () => {
    expect(textWidth('e\u0301')).toBe(1);
    expect(textWidth('日本')).toBe(4);
    expect(fit('日本', 3)).toBe('日…');
    expect(fit('日本', 2)).toBe('… ');
    expect(fit('ab', 4)).toBe('ab  ');
    expect(fit('ab', 4, 'right')).toBe('  ab');
    expect(fit('abcdef', 4)).toBe('abc…');
    expect(fit('abc', 0)).toBe('');
  });
});
