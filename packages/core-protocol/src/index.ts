export { CableCarError, type CableCarErrorDetails } from './errors/cablecar-error.ts';
export {
  ERROR_CODES,
  type ErrorCode,
  type ErrorOrigin,
  type ErrorSpec,
} from './errors/error-codes.ts';
export { Emitter, type EventMap } from './events/emitter.ts';
export type { Metadata, PeerId, PeerInfo, Via } from './identity/peer.ts';
export { Driver, type DriverOptions } from './machine/driver.ts';
export type { EventOutput, Machine, Wake } from './machine/machine.ts';
export type { Clock, Millis, Timer } from './ports/clock.ts';
export type { Connection, ConnectionHandlers } from './ports/connection.ts';
export type {
  BroadcastReach,
  DatagramHandlers,
  DatagramOptions,
  DatagramPort,
} from './ports/datagrams.ts';
export { formatEndpoint, type Endpoint } from './ports/endpoint.ts';
export type { InterfaceSelection, NetworkInterface } from './ports/interfaces.ts';
export type { Link } from './ports/link.ts';
export type { Random } from './ports/random.ts';
export type { DialOptions, Listener, ListenOptions, Transport } from './ports/transport.ts';
