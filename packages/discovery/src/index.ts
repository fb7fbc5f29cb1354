export type { DatagramCounts } from './beacon/beacon-types.ts';
export { BroadcastConnector } from './broadcast-connector.ts';
export { DirectClient } from './direct-client.ts';
export { DirectServer } from './direct-server.ts';
export type { ConnectorEvents, LostLink, Sighting } from './events.ts';
export type {
  ConnectorOptions,
  DirectClientOptions,
  DirectServerOptions,
  DiscoveryOptions,
} from './options.ts';
