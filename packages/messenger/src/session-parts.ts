import type { Link } from '@cablecar/core-protocol';
import type { ResolvedMessengerOptions } from './options.ts';
import type { Wire } from './wire.ts';

/** What a session is made of. */
export interface SessionParts {
  readonly link: Link;
  readonly wire: Wire;
  readonly options: ResolvedMessengerOptions;
}
