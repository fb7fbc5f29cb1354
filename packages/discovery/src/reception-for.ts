import type { CableCarError, Connection, Link } from '@cablecar/core-protocol';
import { ClassicReception } from './classic/classic-reception.ts';
import { LinkMaker } from './link/link-maker.ts';
import type { ResolvedServerOptions } from './resolve-options.ts';
import { securityFor } from './security/security-for.ts';
import { newSelf } from './self.ts';

/** Makes a link of one of the connections that come to a server. */
export interface Reception {
  /** Takes a connection that a stranger dialled. */
  admit(connection: Connection): void;
  /** Turns away whoever has no link. Resolves when nothing else is open. */
  close(): Promise<void>;
}

/** Whom a reception tells. None of these may throw. */
export interface ReceptionListener {
  readonly onLink: (link: Link) => void;
  readonly onWarning: (error: CableCarError) => void;
}

/** The reception that the wire asks for. */
export async function receptionFor(
  options: ResolvedServerOptions,
  { onLink, onWarning }: ReceptionListener,
): Promise<Reception> {
  const { wire, transport } = options;
  if (wire !== 'native') return new ClassicReception(transport, onLink);
  const security = securityFor(options);
  await security.prepare();
  const self = newSelf(security.id, options, transport.random);
  const maker = new LinkMaker({
    ...options,
    security,
    via: () => 'direct',
    self: () => self,
    once: true,
    maxPeers: 64, // of whom the first to confirm is the one
    headStartMs: 0,
    onLink,
    onLost: () => {},
    onWarning,
  });
  maker.open();
  return maker;
}
