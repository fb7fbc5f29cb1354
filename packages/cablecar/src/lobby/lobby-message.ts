import { CableCarError, jsonMessage, type JsonMessageBase } from '@cablecar/core-protocol';
import { readWord } from './read-word.ts';
import type { Word } from './words.ts';

const Base: JsonMessageBase<'cablecar.lobby'> = jsonMessage('cablecar.lobby');

/** What lobbies say to each other on the native wire, beside the program's own messages. */
export class LobbyMessage extends Base<{ word: Word }> {
  override decodeAttributes(raw: { readonly word?: unknown }): void {
    const word = readWord(raw.word);
    if (word === undefined)
      throw new CableCarError('ERR_MESSAGE_DECODE', 'a lobby message came, expected a known word');
    this.word = word;
  }
}
