import {
  FRAME,
  readAck,
  readClose,
  readEcho,
  readOpen,
  type AckFrame,
  type CloseFrame,
  type OpenFrame,
} from '@cablecar/core-protocol';
import type { SessionState } from './session-state.ts';
import type { SessionInput } from './session-types.ts';

/** A control frame that was understood, or why not. */
export type Control =
  | { readonly kind: 'open'; readonly open: OpenFrame }
  | { readonly kind: 'ping'; readonly token: number }
  | { readonly kind: 'pong'; readonly token: number }
  | { readonly kind: 'ack'; readonly ack: AckFrame }
  | { readonly kind: 'close'; readonly close: CloseFrame }
  /** A type that nobody knows yet: a later version's. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'malformed' };

const MALFORMED: Control = { kind: 'malformed' };

/** Reads a control frame; never throws. @see docs/protocol.md §6 */
export function readControl({
  type,
  bytes,
  start,
  end,
}: SessionInput & { kind: 'control' }): Control {
  switch (type) {
    case FRAME.OPEN: {
      const open = readOpen(bytes, start, end);
      return open ? { kind: 'open', open } : MALFORMED;
    }
    case FRAME.PING:
    case FRAME.PONG: {
      const token = readEcho(bytes, start, end);
      if (token === undefined) return MALFORMED;
      return { kind: type === FRAME.PING ? 'ping' : 'pong', token };
    }
    case FRAME.ACK: {
      const ack = readAck(bytes, start, end);
      return ack ? { kind: 'ack', ack } : MALFORMED;
    }
    case FRAME.CLOSE: {
      const close = readClose(bytes, start, end);
      return close ? { kind: 'close', close } : MALFORMED;
    }
    default:
      // Below CLOSE are the handshake's, which is over.
      return type > FRAME.CLOSE ? { kind: 'unknown' } : MALFORMED;
  }
}

/** What a control frame may be: OPEN first and once. Who thinks better of a link right away says goodbye before it. */
export function isInTurn({ kind }: Control, state: SessionState['name']): boolean {
  if (kind === 'malformed') return false;
  return kind === 'close' || (kind === 'open') === (state === 'opening');
}
