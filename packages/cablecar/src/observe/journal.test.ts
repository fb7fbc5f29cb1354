import type { Note, NotedPeer } from '@cablecar/core-protocol';
import { World } from '@cablecar/simulator';
import { describe, expect, it } from 'vitest';
import { Journal } from './journal.ts';

const { clock } = new World().host('ada').transport;

const peer = (id: string): NotedPeer => ({
  ...{ id, epoch: '0', name: id, metadata: {}, endpoint: { host: '10.0.0.2', port: 7 } },
});
const dial = (port: number): Note => ({ kind: 'dial', endpoint: { host: '10.0.0.2', port } });

describe('a journal', () => {
  it.each([0, 1, 2, 7, 8])('keeps the latest of what it is told, %i at most', (capacity) => {
    const journal = new Journal(clock, capacity, { note: () => {} });
    for (let port = 1; port <= 7; port++) journal.note(dial(port));
    const kept = [1, 2, 3, 4, 5, 6, 7].slice(Math.max(0, 7 - capacity));
    expect(journal.events().map(({ endpoint }) => endpoint)).toEqual(
      kept.map((port) => `10.0.0.2:${port}`),
    );
    expect(journal.counts.dial).toBe(7);
  });

  it('passes everything on, and knows who is silent', () => {
    const passed: string[] = [];
    const journal = new Journal(clock, 8, { note: ({ kind }) => passed.push(kind) });
    journal.note({ kind: 'suspect', peer: peer('a') });
    journal.note({ kind: 'suspect', peer: peer('b') });
    expect([...journal.suspects]).toEqual(['a', 'b']);
    journal.note({ kind: 'resume', peer: peer('a') });
    journal.note({ kind: 'lost', peer: peer('b'), code: 'lost', error: undefined });
    expect([...journal.suspects]).toEqual([]);
    expect(passed).toEqual(['suspect', 'suspect', 'resume', 'lost']);
  });

  it('says when things happened', () => {
    const journal = new Journal(clock, 8, { note: () => {} });
    journal.note(dial(1));
    expect(journal.events()[0]?.at).toBe(new Date(clock.wallNow()).toISOString());
  });

  it.each([-1, 1.5, 65_537, '9', Number.NaN])('refuses the size %s', (capacity) => {
    expect(() => new Journal(clock, capacity as number, { note: () => {} })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    );
  });
});
