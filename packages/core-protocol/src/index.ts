/**
 * The pure part: messages, frames, beacons, state machines, ports.
 * @module @cablecar/core-protocol
 */
export {
  decodeAcquaintances,
  encodeAcquaintances,
  isAcquaintances,
  MAX_ACQUAINTANCES,
  type Acquaintances,
} from './beacon/acquaintances-codec.ts';
export {
  BEACON_GROUPS,
  MAGIC,
  MAX_BEACON_BYTES,
  PROTOCOL_VERSION,
  type Beacon,
  type BeaconKind,
} from './beacon/beacon.ts';
export { decodeBeacon, encodeBeacon, type BeaconToSend } from './beacon/beacon-codec.ts';
export { BEACON_ROADS, type BeaconRoad } from './beacon/beacon-road.ts';
export { cleanName, cleanText, MAX_NAME_LENGTH } from './beacon/clean-text.ts';
export { decodeMetadata, encodeMetadata } from './beacon/metadata-text.ts';
export { serviceHash } from './beacon/service-hash.ts';
export { ByteReader } from './bytes/byte-reader.ts';
export { ByteWriter } from './bytes/byte-writer.ts';
export { ClassicByteDecoder } from './classic/classic-byte-decoder.ts';
export { CLASSIC_CONNECTION } from './classic/classic-connection.ts';
export { ClassicJsonDecoder } from './classic/classic-json-decoder.ts';
export { MAX_CLASSIC_PAYLOAD } from './classic/classic-limits.ts';
export { readClassicLine, type ClassicLine } from './classic/read-classic-line.ts';
export { WholeFrames } from './classic/whole-frames.ts';
export { WIRES, type ClassicWire, type WireName } from './classic/wire-name.ts';
export { writeClassicFrame, writeClassicLine } from './classic/write-classic.ts';
export { CableCarError, type CableCarErrorDetails } from './errors/cablecar-error.ts';
export { ERROR_CODES, type ErrorCode } from './errors/error-codes.ts';
export type { ErrorOrigin, ErrorSpec } from './errors/error-spec.ts';
export { Emitter, type EventMap } from './events/emitter.ts';
export { FrameDecoder } from './frame/frame-decoder.ts';
export {
  FIRST_MESSAGE_TYPE,
  FRAME,
  MAX_FRAME_LENGTH,
  MAX_FRAME_TYPE,
} from './frame/frame-types.ts';
export { PartJoiner, type Part } from './frame/part-joiner.ts';
export { isLarge, mostWireBytes, PART_BYTES, writeParts } from './frame/parts.ts';
export { beginFrame, endFrame, writeFrame } from './frame/write-frame.ts';
export { MAX_GREETING_BYTES, MAX_SERVICE_BYTES, type Greeting } from './hello/greeting.ts';
export { decodeGreeting, encodeGreeting } from './hello/greeting-codec.ts';
export {
  decodeRejection,
  encodeRejection,
  REJECTION_CODES,
  type Rejection,
  type RejectionCode,
} from './hello/rejection-codec.ts';
export type { Metadata, PeerId, PeerInfo, Via } from './identity/peer.ts';
export { TokenBucket, type BucketLimit } from './limits/token-bucket.ts';
export { Driver, type DriverOptions } from './machine/driver.ts';
export type { EventOutput, Machine, Wake } from './machine/machine.ts';
export type { AttributeMapping } from './message/attributes.ts';
export { MsgIdentify, MsgJoin, MsgQuit, MsgRetry } from './message/builtin-messages.ts';
export {
  byteMessage,
  type ByteMessage,
  type ByteMessageBase,
  type LayoutMessageBase,
} from './message/byte-message.ts';
export { encodeCatalog, matchCatalog, type CatalogMatch } from './message/catalog.ts';
export type { ByteCoding } from './message/coding-message.ts';
export {
  jsonMessage,
  type JsonMessage,
  type JsonMessageBase,
  type SchemaMessageBase,
} from './message/json-message.ts';
export type { FieldType, Layout, LayoutFields, ScalarName } from './message/layout-types.ts';
export { provideLocalIdentity, type LocalIdentity } from './message/local-identity.ts';
export {
  Message,
  type FieldsArgument,
  type MessageClass,
  type MessageOf,
  type NoFields,
  type TypedMessage,
} from './message/message.ts';
export { MessageRegistry, registryOf, type MessageType } from './message/message-registry.ts';
export type { SchemaIssue, SchemaResult, StandardSchema } from './message/standard-schema.ts';
export { plainNote, type PlainNote } from './notes/plain-note.ts';
export { noteLine } from './notes/note-line.ts';
export { optionError } from './options/option-error.ts';
export { wholeNumber, type WholeRange } from './options/whole-number.ts';
export type { Clock, Millis, Timer } from './ports/clock.ts';
export type { Connection, ConnectionHandlers, ConnectionSettings } from './ports/connection.ts';
export type {
  BroadcastReach,
  DatagramGroups,
  DatagramHandlers,
  DatagramOptions,
  DatagramPort,
} from './ports/datagrams.ts';
export { isEncrypted, TLS_HANDSHAKE, TLS_VERSION_ALERT } from './hello/tls-records.ts';
export { formatEndpoint, type Endpoint } from './ports/endpoint.ts';
export type { InterfaceSelection, NetworkInterface } from './ports/interfaces.ts';
export type { Link, LinkHandlers } from './ports/link.ts';
export { NOTE_KINDS, type Note, type NotedPeer, type Observer } from './ports/observer.ts';
export type { Random } from './ports/random.ts';
export type {
  Identity,
  PrivateFile,
  Role,
  SecureConnection,
  SecureHandlers,
  SecurePeer,
  SharedSecret,
} from './ports/security.ts';
export type { DialOptions, Listener, ListenOptions, Transport } from './ports/transport.ts';
export {
  MAX_REASON_BYTES,
  readAck,
  readClose,
  readEcho,
  readOpen,
  writeAck,
  writeClose,
  writeEcho,
  writeOpen,
  type AckFrame,
  type CloseFrame,
  type OpenFrame,
} from './session/control-frames.ts';
export { within, type WaitOptions } from './waiting/within.ts';
