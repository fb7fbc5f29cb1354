import { CableCarError, MessageRegistry } from '@cablecar/core-protocol';
import { describe, expect, it } from 'vitest';
import { LobbyMessage } from './lobby-message.ts';
import { readWord } from './read-word.ts';
import type { Word } from './words.ts';

const WORDS: readonly Exclude<Word, { kind: 'join' }>[] = [
  { kind: 'here', openness: 'open', taken: 3, size: 8 },
  { kind: 'invite', number: 1 },
  { kind: 'invite', number: 2, answers: 1 },
  { kind: 'accept', number: 1 },
  { kind: 'confirm', number: 1, size: 2, players: ['a', 'b'] },
  { kind: 'decline', number: 1, code: 'declined', reason: 'busy' },
  { kind: 'withdraw', number: 1, code: 'timeout', reason: '' },
  { kind: 'roster', size: 3, players: ['a'] },
  { kind: 'leave', reason: 'tired' },
];

const type = new MessageRegistry([LobbyMessage]).byName('cablecar.lobby')!;
const decode = (text: string): unknown =>
  type.decode(Buffer.from(text), 0, Buffer.byteLength(text));

describe('readWord()', () => {
  it.each(WORDS)('reads the word $kind, and nothing that is beside it', (word) => {
    const travelled: unknown = JSON.parse(JSON.stringify({ ...word, extra: 1 }));
    expect(readWord(travelled)).toEqual(word);
    expect(decode(JSON.stringify({ word }))).toEqual(new LobbyMessage({ word }));
  });

  it.each(WORDS)(
    'refuses the word $kind where a part of it is missing or of another type',
    (word) => {
      for (const field of Object.keys(word).filter((name) => name !== 'answers')) {
        expect(readWord({ ...word, [field]: undefined }), field).toBeUndefined();
      }
      for (const field of Object.keys(word)) {
        for (const wrong of [null, -1, 1.5, {}, [1], NaN, ['x'.repeat(65)], Array(65).fill('a')])
          expect(readWord({ ...word, [field]: wrong }), field).toBeUndefined();
      }
    },
  );

  it.each([undefined, null, 1, 'here', [], {}, { kind: 'join' }, { kind: 'toString', number: 1 }])(
    'takes %j for no word',
    (raw) => {
      expect(readWord(raw)).toBeUndefined();
      const message = decode(JSON.stringify({ word: raw }));
      expect(CableCarError.is(message, 'ERR_MESSAGE_DECODE')).toBe(true);
    },
  );

  it('makes reasons fit to be shown', () => {
    const reason = `\u001b[31m${'x'.repeat(200)}`;
    const word = readWord({ kind: 'leave', reason });
    expect(word).toEqual({ kind: 'leave', reason: `[31m${'x'.repeat(119)}` });
  });
});
