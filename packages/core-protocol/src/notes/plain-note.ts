import type { CableCarError } from '../errors/cablecar-error.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { formatEndpoint } from '../ports/endpoint.ts';
import type { Note } from '../ports/observer.ts';

/** A note as plain text values, to be kept or written: no metadata, and no error that could quote a message. */
export interface PlainNote {
  readonly kind: Note['kind'];
  /** The peer's id. */
  readonly peer?: string;
  readonly name?: string;
  /** Host and port. */
  readonly endpoint?: string;
  /** How a messenger ended. */
  readonly code?: string;
  readonly error?: string;
}

/** Errors whose sentences may quote what is in a message. */
const QUOTING: ReadonlySet<ErrorCode> = new Set(['ERR_MESSAGE_DECODE', 'ERR_MESSAGE_ENCODE']);

/** A note without what must not leave the program. */
export function plainNote(note: Note): PlainNote {
  const peer = 'peer' in note ? note.peer : undefined;
  const endpoint = 'endpoint' in note ? note.endpoint : peer?.endpoint;
  return {
    kind: note.kind,
    ...(peer && { peer: peer.id, name: peer.name }),
    ...(endpoint && { endpoint: formatEndpoint(endpoint) }),
    ...('code' in note && { code: note.code }),
    ...('error' in note && note.error && { error: sayError(note.error) }),
  };
}

function sayError({ code, message }: CableCarError): string {
  return QUOTING.has(code) ? `[${code}]` : message;
}
