import type { MessageClass, MessageOf } from '@cablecar/core-protocol';
import { makeMesh } from './make-mesh.ts';
import type { Mesh } from './mesh.ts';
import type { JoinOptions } from './options.ts';

/**
 * Joins the others of a service on the network: announces this program, finds theirs, and connects to each of them.
 * Resolves when listening and announcing; peers come as `'peer'` events, by iteration, or from `firstPeer()`.
 * Connections are encrypted, and peers known by their keys, unless the options say otherwise.
 * @throws {CableCarError} ERR_OPTION, ERR_WEAK_SECRET, ERR_PRIVATE_FILE, ERR_IDENTITY_FILE, ERR_MESSAGE_DUPLICATE,
 * ERR_PORT_IN_USE, ERR_PORT_ACCESS, ERR_SYSTEM (rejects)
 */
export async function join<const Classes extends readonly MessageClass[] = readonly MessageClass[]>(
  options: JoinOptions<Classes>,
): Promise<Mesh<MessageOf<Classes>>> {
  const mesh = makeMesh(options);
  await mesh.start();
  return mesh;
}
