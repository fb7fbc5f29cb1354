import { MsgIdentify, MsgJoin, MsgQuit } from '@cablecar/core-protocol';
import type { Messenger } from '@cablecar/messenger';
import { LobbyMessage } from './lobby-message.ts';
import type { Word } from './words.ts';

/** How lobbies talk on a wire. */
export interface Voice {
  /** Begins to listen to a peer; what this player has to say of itself is said. */
  listen(peer: Messenger, hear: (word: Word) => void): void;
  say(peer: Messenger, word: Word): void;
  /** Ends the connection, as one who is done with that player. */
  part(peer: Messenger): void;
  /** Says that this program is about to go, where closing the connection does not. */
  leave(peer: Messenger): void;
}

/** Words as they are. */
export const NATIVE_VOICE: Voice = {
  listen: (peer, hear) => peer.divert(LobbyMessage, ({ word }) => hear(word)),
  say: (peer, word) => void peer.send(new LobbyMessage({ word })),
  part: (peer) => void peer.close(),
  leave: () => {},
};

/**
 * As programs on Python's cable_car do it: who connects identifies itself; MsgJoin invites, and accepts; for everything
 * else there is MsgQuit, and the connection closes.
 */
export function classicVoice(name: () => string): Voice {
  const leave = (peer: Messenger): void => void peer.send(new MsgQuit());
  const part = (peer: Messenger): void => {
    leave(peer);
    void peer.close();
  };
  return {
    listen(peer, hear) {
      peer.divert(MsgJoin, () => hear({ kind: 'join' }));
      peer.divert(MsgIdentify, () => {}); // that it was read has named the peer
      peer.divert(MsgQuit, () => void peer.close());
      const [username = '', hostname] = name().split('@');
      peer.send(new MsgIdentify(hostname === undefined ? { username } : { username, hostname }));
    },
    say(peer, word) {
      switch (word.kind) {
        case 'invite':
        case 'join':
          peer.send(new MsgJoin());
          return;
        case 'decline':
        case 'withdraw':
        case 'leave':
          part(peer);
          return;
        default: // has no word there
      }
    },
    part,
    leave,
  };
}
