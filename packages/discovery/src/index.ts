/**
 * Finding programs and linking with them; it knows nothing of messages.
 * @module @cablecar/discovery
 */
export type { DatagramCounts } from './beacon/beacon-types.ts';
export { BroadcastConnector } from './broadcast-connector.ts';
export { DirectClient } from './direct-client.ts';
export { DirectServer } from './direct-server.ts';
export type { ConnectorEvents, LostLink, Sighting } from './events.ts';
export type { IdentityConflict, SecurityMode, Trust } from './security/trust.ts';
export { isSealed, SealedBeacons } from './security/sealed-beacons.ts';
export { generateSecret } from './security/generate-secret.ts';
export type {
  ConnectorOptions,
  DirectClientOptions,
  DirectServerOptions,
  DiscoveryOptions,
} from './options.ts';
