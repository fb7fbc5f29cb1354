import type { MessageClass, MessageOf } from '@cablecar/core-protocol';
import { BroadcastConnector } from '@cablecar/discovery';
import { checkMessengerOptions } from '@cablecar/messenger';
import { nodeTransport, systemObserver } from '@cablecar/transport';
import { Mesh } from './mesh.ts';
import { Journal } from './observe/journal.ts';
import type { JoinOptions } from './options.ts';

/**
 * A mesh that is yet to be started, so that whoever wants to know of its first peer can listen before.
 * @throws {CableCarError} ERR_OPTION, ERR_MESSAGE_DUPLICATE
 */
export function makeMesh<const Classes extends readonly MessageClass[] = readonly MessageClass[]>(
  options: JoinOptions<Classes>,
): Mesh<MessageOf<Classes>> {
  const { transport = nodeTransport(), observer = systemObserver, eventLogSize = 256 } = options;
  checkMessengerOptions(options); // now, and not when the first peer comes
  const journal = new Journal(transport.clock, eventLogSize, observer);
  const observed = { ...options, transport, observer: journal };
  return new Mesh<MessageOf<Classes>>(new BroadcastConnector(observed), observed, journal);
}
