/**
 * `join()` and everything beneath it: what most programs need.
 * @module cablecar
 */
export {
  byteMessage,
  CableCarError,
  ERROR_CODES,
  jsonMessage,
  Message,
  MsgIdentify,
  MsgJoin,
  MsgQuit,
  MsgRetry,
  type Connection,
  type Endpoint,
  type ErrorCode,
  type ErrorOrigin,
  type InterfaceSelection,
  type Layout,
  type Link,
  type MessageClass,
  type Note,
  type NotedPeer,
  type Observer,
  type MessageOf,
  type Metadata,
  type PeerId,
  type PeerInfo,
  type StandardSchema,
  type Transport,
  type WaitOptions,
  type WireName,
} from '@cablecar/core-protocol';
export {
  BroadcastConnector,
  DirectClient,
  DirectServer,
  generateSecret,
  type ConnectorEvents,
  type ConnectorOptions,
  type DirectClientOptions,
  type DirectServerOptions,
  type DiscoveryOptions,
  type IdentityConflict,
  type LostLink,
  type SecurityMode,
  type Sighting,
  type Trust,
} from '@cablecar/discovery';
export {
  checkMessengerOptions,
  GameLoopAdapter,
  gameLoop,
  Messenger,
  type CloseCode,
  type CloseOptions,
  type Delivery,
  type GameLoopOptions,
  type MessengerClose,
  type MessengerConstructor,
  type MessengerEvents,
  type MessengerOptions,
  type MessengerStats,
  type Reader,
  type RoundTripStats,
  type SendOptions,
  type StreamOptions,
  type Tick,
  type XferOptions,
} from '@cablecar/messenger';
export { nodeTransport } from '@cablecar/transport';
export { diagnose } from './doctor/diagnose.ts';
export type { Diagnosis, Finding } from './doctor/diagnosis.ts';
export type {
  Evidence,
  HostEvidence,
  InterfaceEvidence,
  ProgramEvidence,
} from './doctor/evidence.ts';
export type { FindingSpec, Platform, Severity } from './doctor/finding.ts';
export { FINDINGS, type FindingCode } from './doctor/findings.ts';
export type { MeshEvents } from './events.ts';
export type { EventCounts, LoggedEvent } from './observe/journal.ts';
export type { MeshReport, ReportedPeer } from './observe/mesh-report.ts';
export type { MeshStats } from './observe/mesh-stats.ts';
export { join } from './join.ts';
export type { PeerMessage } from './merged-stream.ts';
export type { Mesh } from './mesh.ts';
export type { DiagnoseOptions, JoinOptions } from './options.ts';
