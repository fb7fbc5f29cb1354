import type { Greeting, Transport, Via } from '@cablecar/core-protocol';
import type { Meeting } from '../handshake/meeting.ts';
import { ConnectionLink, type ConnectionLinkOptions } from './connection-link.ts';

/** What a link needs beside what its handshake gave. */
export interface LinkSurroundings extends Pick<ConnectionLinkOptions, 'onClosed'> {
  readonly via: Via;
  readonly transport: Transport;
}

/** The link that a complete handshake gives: who greeted at the other end, and what came behind. */
export function linkOf(
  { connection, role }: Meeting,
  { id, epoch, name, metadata }: Greeting,
  rest: Uint8Array,
  { via, transport, onClosed }: LinkSurroundings,
): ConnectionLink {
  const dialledBy = role === 'dialler' ? 'us' : 'them';
  return new ConnectionLink({
    connection,
    peer: { id, epoch, name, metadata, endpoint: connection.remote, dialledBy, via },
    clock: transport.clock,
    random: transport.random,
    rest,
    onClosed,
  });
}
