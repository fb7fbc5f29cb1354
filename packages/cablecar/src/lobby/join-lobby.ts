import type { MessageClass, MessageOf } from '@cablecar/core-protocol';
import { makeMesh } from '../make-mesh.ts';
import { Lobby } from './lobby.ts';
import { LobbyMessage } from './lobby-message.ts';
import { resolveLobbyOptions, type LobbyOptions } from './options.ts';

/**
 * Joins the lobby of a service: the others on the network who have joined it come as players, to be invited.
 * Resolves when listening and announcing.
 * @throws {CableCarError} ERR_OPTION, ERR_MESSAGE_DUPLICATE, ERR_PORT_IN_USE, ERR_PORT_ACCESS, ERR_SYSTEM (rejects)
 */
export async function joinLobby<
  const Classes extends readonly MessageClass[] = readonly MessageClass[],
>(options: LobbyOptions<Classes>): Promise<Lobby<MessageOf<Classes>>> {
  const resolved = resolveLobbyOptions(options);
  const { messages = [], wire = 'native' } = options;
  // On a classic wire the built-in messages do.
  const spoken = wire === 'native' ? [...messages, LobbyMessage] : messages;
  const mesh = makeMesh({ ...options, messages: spoken });
  const lobby = new Lobby<MessageOf<Classes>>(mesh, { ...resolved, wire });
  await mesh.start();
  return lobby;
}
