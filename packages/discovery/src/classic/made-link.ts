import type { CableCarError } from '@cablecar/core-protocol';
import type { ClassicLink } from './classic-link.ts';
import type { MergedConnection } from './merged-connection.ts';

/** A link that was made. */
export interface MadeLink {
  readonly link: ClassicLink;
  readonly connection: MergedConnection;
  closed: { readonly error: CableCarError | undefined } | undefined;
}
