import type { ConnectionSettings, Endpoint } from '@cablecar/core-protocol';
import type { Network } from './network.ts';
import type { Process } from './process.ts';

/** What one end of a connection is made with. */
export interface SimConnectionOptions {
  readonly network: Network;
  readonly process: Process;
  readonly id: string;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly settings: ConnectionSettings;
  /** Called on the dialling end once the other one has accepted. */
  readonly onOpened: (() => void) | undefined;
  /** Called once the socket is gone. */
  readonly onGone: () => void;
}
