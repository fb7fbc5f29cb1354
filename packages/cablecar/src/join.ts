import type { MessageClass, MessageOf } from '@cablecar/core-protocol';
import { BroadcastConnector } from '@cablecar/discovery';
import { checkMessengerOptions } from '@cablecar/messenger';
import { nodeTransport } from '@cablecar/transport';
import { Mesh } from './mesh.ts';
import type { JoinOptions } from './options.ts';

/**
 * Joins the others of a service on the network: announces this program, finds theirs, and connects to each of them.
 * Resolves when listening and announcing; peers come as `'peer'` events, by iteration, or from `firstPeer()`.
 * @throws {CableCarError} ERR_OPTION, ERR_MESSAGE_DUPLICATE, ERR_PORT_IN_USE, ERR_PORT_ACCESS, ERR_SYSTEM (rejects)
 */
export async function join<const Classes extends readonly MessageClass[] = readonly MessageClass[]>(
  options: JoinOptions<Classes>,
): Promise<Mesh<MessageOf<Classes>>> {
  const { transport = nodeTransport() } = options;
  checkMessengerOptions(options); // now, and not when the first peer comes
  const connector = new BroadcastConnector({ ...options, transport });
  const mesh = new Mesh<MessageOf<Classes>>(connector, options, transport.clock);
  await connector.start();
  return mesh;
}
