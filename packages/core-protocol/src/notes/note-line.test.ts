import { describe, expect, it } from 'vitest';
import { CableCarError } from '../errors/cablecar-error.ts';
import type { Note, NotedPeer } from '../ports/observer.ts';
import { noteLine } from './note-line.ts';
import { plainNote } from './plain-note.ts';

const BOB: NotedPeer = {
  id: 'b0'.repeat(16),
  epoch: '00'.repeat(8),
  name: 'bob',
  metadata: { password: 'hunter2' },
  endpoint: { host: 'fe80::1', port: 4242 },
};

const decodeError = (text: string): CableCarError =>
  new CableCarError('ERR_MESSAGE_DECODE', `Chat came with '${text}', expected an object`);

describe('a note in plain text', () => {
  it('names the peer, and shows none of its metadata', () => {
    expect(plainNote({ kind: 'peer', peer: BOB })).toEqual({
      kind: 'peer',
      peer: BOB.id,
      name: 'bob',
      endpoint: '[fe80::1]:4242',
    });
  });

  it('says by what a dial failed', () => {
    const error = new CableCarError('ERR_CONNECTION_REFUSED', 'refused, expected an answer');
    const endpoint = { host: '10.0.0.2', port: 7 };
    expect(noteLine({ kind: 'dial-failed', endpoint, error })).toBe(
      'dial-failed endpoint=10.0.0.2:7 error="[ERR_CONNECTION_REFUSED] refused, expected an answer"',
    );
  });

  it('keeps back what an error could quote from a message', () => {
    const line = noteLine({ kind: 'warning', peer: BOB, error: decodeError('hunter2') });
    expect(line).toContain('error=[ERR_MESSAGE_DECODE]');
    expect(line).not.toContain('hunter2');
  });

  it('is one line that no terminal obeys, whatever a peer calls itself', () => {
    const name = 'a\u001b[2J\r\n\u202e"b\u009b';
    const note: Note = { kind: 'suspect', peer: { ...BOB, name } };
    const line = noteLine(note);
    expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(line).toContain(String.raw`name="a\u001b[2J\r\n\u{202e}\"b\u{9b}"`);
  });

  it('leaves out what is not known', () => {
    expect(noteLine({ kind: 'lost', peer: BOB, code: 'goodbye', error: undefined })).toMatch(
      /^lost peer=\w+ name=bob endpoint=\[fe80::1\]:4242 code=goodbye$/,
    );
  });
});
