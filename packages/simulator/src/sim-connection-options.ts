import type { ConnectionSettings, Endpoint, PeerId, Role } from '@cablecar/core-protocol';
import type { Network } from './network.ts';
import type { Process } from './process.ts';

/** The ids that the ends of a connection have shown, where it is a secure one. */
export type ShownIds = { [role in Role]?: PeerId };

/** What one end of a connection is made with. */
export interface SimConnectionOptions {
  readonly network: Network;
  readonly process: Process;
  readonly id: string;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly settings: ConnectionSettings;
  /** The same at both ends. */
  readonly shown: ShownIds;
  /** Called on the dialling end once the other one has accepted. */
  readonly onOpened: (() => void) | undefined;
  /** Called once the socket is gone. */
  readonly onGone: () => void;
}
