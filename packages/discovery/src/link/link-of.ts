import type { Greeting, Transport, Via } from '@cablecar/core-protocol';
import type { Meeting } from '../handshake/meeting.ts';
import { peerOf } from '../handshake/peer-of.ts';
import { ConnectionLink } from './connection-link.ts';
import type { ConnectionLinkOptions } from './link-options.ts';

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
  const { connection, ownId } = meeting;
  const { clock, random } = transport;
  const peer = peerOf(meeting, greeting, via);
  return new ConnectionLink({ connection, peer, ownId, clock, random, rest, ...observers });
}
