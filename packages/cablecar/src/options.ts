import type { MessageClass } from '@cablecar/core-protocol';
import type { ConnectorOptions } from '@cablecar/discovery';
import type { MessengerOptions } from '@cablecar/messenger';

/** What {@link join} takes: how to find peers, and how to talk to them. */
export interface JoinOptions<Classes extends readonly MessageClass[] = readonly MessageClass[]>
  extends ConnectorOptions, MessengerOptions<Classes> {}
