import type { Greeting, PeerInfo, Transport, Via } from '@cablecar/core-protocol';
import type { Meeting } from '../handshake/meeting.ts';
import { ConnectionLink, type ConnectionLinkOptions } from './connection-link.ts';

/** What a link needs beside what its handshake gave. */
export interface LinkSurroundings extends Pick<ConnectionLinkOptions, 'onDown' | 'onClosed'> {
  readonly via: Via;
  readonly transport: Transport;
}

/** The link that a complete handshake gives: who greeted at the other end, and what came behind. */
export function linkOf(
  meeting: Meeting,
  greeting: Greeting,
  rest: Uint8Array,
  { via, transport, ...observers }: LinkSurroundings,
): ConnectionLink {
  const { connection } = meeting;
  const { clock, random } = transport;
  const peer = peerOf(meeting, greeting, via);
  return new ConnectionLink({ connection, peer, clock, random, rest, ...observers });
}

/** Who is at the other end of a connection on which hands were shaken. */
export function peerOf({ connection, role }: Meeting, greeting: Greeting, via: Via): PeerInfo {
  const { id, epoch, name, metadata } = greeting;
  const dialledBy = role === 'dialler' ? 'us' : 'them';
  return { id, epoch, name, metadata, endpoint: connection.remote, dialledBy, via };
}
