/**
 * A program for LAN tests: a lobby on a classic wire that does as it is told by lines of JSON, and prints what happens.
 * Arguments: 'json' or 'byte', the player's name, and how it takes invitations.
 */
import { createInterface } from 'node:readline';
import { byteMessage, jsonMessage, type MessageClass } from 'cablecar';
import { joinLobby, type LobbyOptions } from 'cablecar/lobby';

class Chat extends jsonMessage('Chat')<{ text: string }> {}
class Raw extends byteMessage(0x21)<{ text: string }> {
  override encode() {
    return Buffer.from(this.text);
  }
  override decode(bytes: Uint8Array) {
    this.text = Buffer.from(bytes).toString();
  }
}

/** What a test may ask for. */
type Command =
  | { readonly do: 'invite'; readonly id: string; readonly timeoutMs: number }
  | { readonly do: 'say'; readonly text: string }
  | { readonly do: 'leave' | 'close' };

const [, , format, name = '', openness] = process.argv;
const isJson = format === 'json';
const messages: readonly MessageClass[] = isJson ? [Chat] : [Raw];

function print(kind: string, facts: Readonly<Record<string, unknown>> = {}): void {
  process.stdout.write(`${JSON.stringify({ kind, ...facts })}\n`);
}

const lobby = await joinLobby({
  wire: isJson ? 'classic-json' : 'classic-byte',
  openness: openness as NonNullable<LobbyOptions['openness']>,
  name,
  messages,
});
lobby.on('player', ({ id }) => print('player', { id }));
lobby.on('player:update', ({ id, name: called }) => print('update', { id, name: called }));
lobby.on('player:lost', ({ id }) => print('lost', { id }));
lobby.on('warning', ({ message }) => print('warning', { message }));
lobby.on('match', (match) => {
  print('match', { players: match.players.map(({ id }) => id), host: match.host?.id });
  match.on('end', () => print('end'));
  match.players[0]?.peer.on('message', (message) => {
    print('message', { type: message.constructor.name });
  });
});

async function obey(command: Command): Promise<void> {
  switch (command.do) {
    case 'invite': {
      const player = lobby.players.get(command.id);
      if (!player) return print('failed', { code: 'nobody' });
      try {
        await lobby.invite(player, command);
      } catch (error) {
        print('failed', { code: (error as { code?: string }).code });
      }
      return;
    }
    case 'say': {
      const { text } = command;
      for (const { peer } of lobby.match?.players ?? [])
        peer.send(isJson ? new Chat({ text }) : new Raw({ text }));
      return;
    }
    case 'leave':
      return lobby.match?.leave();
    case 'close':
      await lobby.close();
      return process.stdin.destroy() as unknown as void;
  }
}

createInterface(process.stdin).on('line', (line) => void obey(JSON.parse(line) as Command));
print('ready', { id: lobby.mesh.id });
