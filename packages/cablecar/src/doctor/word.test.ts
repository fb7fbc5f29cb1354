import { encodeBeacon } from '@cablecar/core-protocol';
import { describe, expect, it } from 'vitest';
import { decodeHello, encodeHello } from './hello.ts';
import { decodeWord, encodeWord, type Word } from './word.ts';

const WORD: Word = {
  networks: ['10.0.0.2/24', '192.168.100.200/16'],
  wallMs: 1_790_000_000_000,
  proof: '0a1b2c3d',
  received: { broadcast: true, multicast: true, unicast: false, tcp: true, dial: 'unreachable' },
};

describe('the word of a doctor', () => {
  it('comes out as it went in, as metadata and in a hello', () => {
    expect(decodeWord(encodeWord(WORD))).toEqual(WORD);
    const toAll = { ...WORD, proof: undefined, received: undefined };
    expect(decodeWord(encodeWord(toAll))).toEqual(toAll);
    const hello = { id: 'ab'.repeat(16), name: 'bob', word: WORD };
    expect(decodeHello(encodeHello(hello))).toEqual(hello);
  });

  it('fits a beacon with the longest name, however many networks there are', () => {
    const networks = Array.from({ length: 50 }, () => '192.168.100.200/24');
    const bytes = encodeBeacon({
      kind: 'answer',
      serviceHash: '00'.repeat(8),
      id: '00'.repeat(16),
      epoch: '00'.repeat(8),
      port: 18_222,
      name: 'n'.repeat(64),
      metadata: encodeWord({ ...WORD, networks }),
    });
    expect(bytes.length).toBeLessThanOrEqual(512);
  });

  it('is not taken from what is none, nor more of it than it may have', () => {
    for (const value of [undefined, {}, { n: 'x', t: 1 }, { n: [], t: '1' }]) {
      expect(decodeWord(value)).toBeUndefined();
    }
    const word = decodeWord({ n: ['10.0.0.1/8', 'x', 7, null], t: 1, r: [1, 'yes'], d: 'perhaps' });
    expect(word).toEqual({
      networks: ['10.0.0.1/8'],
      wallMs: 1,
      proof: undefined,
      received: { broadcast: true, multicast: false, unicast: false, tcp: false, dial: undefined },
    });
    for (const line of ['', 'null', '7', '{', '{"doctor":1}', '{"doctor":1,"id":"a","name":"b"}']) {
      expect(decodeHello(line)).toBeUndefined();
    }
  });
});
