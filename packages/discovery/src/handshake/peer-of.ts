import type { Connection, Greeting, PeerInfo, Role, Via } from '@cablecar/core-protocol';

/** Who is at the other end of a connection, by its greeting. */
export function peerOf(
  { connection, role }: { readonly connection: Connection; readonly role: Role },
  greeting: Greeting,
  via: Via,
): PeerInfo {
  const { id, epoch, name, metadata } = greeting;
  const dialledBy = role === 'dialler' ? 'us' : 'them';
  return { id, epoch, name, metadata, endpoint: connection.remote, dialledBy, via };
}
