import {
  MAX_FRAME_LENGTH,
  type InterfaceSelection,
  type Metadata,
  type Millis,
  type Transport,
  type WireName,
} from '@cablecar/core-protocol';
import { nodeTransport } from '@cablecar/transport';
import { defaultName } from './default-name.ts';
import {
  checkedInterfaces,
  checkedMetadata,
  checkedName,
  checkedService,
  checkedWire,
  optionError,
  wholeNumber,
} from './option-checks.ts';

/** What every way of finding a peer is set to. */
export interface DiscoveryOptions {
  /**
   * What is spoken: cablecar's own wire, or one of the two of Python's cable_car 1.0.1. Everybody who is to meet uses
   * the same. @default 'native' ('native', 'classic-json' or 'classic-byte')
   */
  readonly wire?: WireName;
  /**
   * Only programs of the same service meet. Another one that is met directly is turned away with
   * ERR_SERVICE_MISMATCH. The classic wires know no services: there the ports keep programs apart.
   * @default 'default' (1 to 255 bytes of UTF-8)
   */
  readonly service?: string;
  /**
   * What others see as this program's name. On the classic wires only messages can tell it: MsgIdentify.
   * @default user@host (1 to 64 characters, none of them invisible)
   */
  readonly name?: string;
  /**
   * Small facts shown to others: JSON values. Together with the name they must fit a datagram, which leaves about 400
   * bytes of JSON. The classic wires have no place for any. @default {}
   */
  readonly metadata?: Metadata;
  /**
   * How long a connection may take to be made, and again how long its handshake may take. At the limit it is closed.
   * @default 2_000 (range 100 to 60_000)
   */
  readonly handshakeTimeoutMs?: Millis;
  /** Sockets, time and chance. @default nodeTransport() */
  readonly transport?: Transport;
}

/** What a {@link BroadcastConnector} is set to. */
export interface ConnectorOptions extends DiscoveryOptions {
  /**
   * The UDP port of the beacons, the same for everybody who is to meet. @default 18_222, or 8_222 on a classic wire
   * (range 1_024 to 65_535)
   */
  readonly udpPort?: number;
  /**
   * The TCP port to listen on; 0 lets the system choose, and others learn it. On a classic wire it is also the one to
   * dial, the same for everybody, and cannot be 0. @default 0, or 8_223 on a classic wire (0, or 1_024 to 65_535)
   */
  readonly tcpPort?: number;
  /**
   * Which network interfaces to use: all of them, the loopback alone ('loopback': all traffic stays on this machine), or
   * those of these names or addresses. @default 'all'
   */
  readonly interfaces?: InterfaceSelection;
  /** One-to-one mode: after the first link everything else stops. @default false */
  readonly once?: boolean;
  /**
   * How long to look for peers. At the limit the search stops by itself, with a warning ERR_TIMEOUT if nobody was found;
   * links stay open. @default Infinity (range above 0)
   */
  readonly timeoutMs?: Millis;
  /**
   * How often a beacon is sent once the first few have gone; it becomes less often where there are many peers.
   * @default 1_000 (range 100 to 60_000)
   */
  readonly announceIntervalMs?: Millis;
  /**
   * How long the one of two peers whose id is smaller leaves it to the other to dial; not on the classic wires, where
   * others are always left to dial first. @default 150 (range 0 to 5_000)
   */
  readonly headStartMs?: Millis;
  /** Links at a time. Further peers are not dialled, and turned away with ERR_LIMIT. @default 1_024 (range 1 to 4_096) */
  readonly maxPeers?: number;
  /**
   * The longest line that is taken on the classic JSON wire, in bytes, as in the options of the messengers: a longer one
   * is skipped, with a warning ERR_FRAME_TOO_LARGE. @default 1_048_576 (range 1_024 to 268_435_455)
   */
  readonly maxFrameBytes?: number;
}

/** What a {@link DirectServer} is set to. */
export interface DirectServerOptions extends DiscoveryOptions {
  /** The TCP port to listen on. (range 1 to 65_535) */
  readonly port: number;
  /** On which interfaces to listen. @default 'all' */
  readonly interfaces?: InterfaceSelection;
}

/** What a {@link DirectClient} is set to. */
export interface DirectClientOptions extends DiscoveryOptions {
  /** The other program's host: a name, or an IPv4 or IPv6 address. */
  readonly host: string;
  /** The TCP port that it listens on. (range 1 to 65_535) */
  readonly port: number;
}

/** The options of every kind with their defaults filled in. */
export type ResolvedDiscoveryOptions = Required<DiscoveryOptions>;
/** The options of a connector with their defaults filled in. */
export type ResolvedConnectorOptions = Required<ConnectorOptions>;
/** The options of a server with their defaults filled in. */
export type ResolvedServerOptions = Required<DirectServerOptions>;
/** The options of a client with their defaults filled in. */
export type ResolvedClientOptions = Required<DirectClientOptions>;

const PORTS = { low: 1, high: 65_535 };
// A beacon that names a lower port is not believed.
const USER_PORTS = { low: 1024, high: 65_535 };

/**
 * Checks the options of every kind and fills in the defaults.
 * @throws {CableCarError} ERR_OPTION, naming the field, the value and the range
 */
export function resolveDiscoveryOptions(options: DiscoveryOptions): ResolvedDiscoveryOptions {
  const { wire = 'native', service = 'default', name = defaultName(), metadata = {} } = options;
  const { handshakeTimeoutMs = 2000, transport = nodeTransport() } = options;
  const checked = checkedName(name);
  return {
    wire: checkedWire(wire, metadata),
    service: checkedService(service),
    name: checked,
    metadata: checkedMetadata(metadata, checked),
    handshakeTimeoutMs: wholeNumber('handshakeTimeoutMs', handshakeTimeoutMs, {
      low: 100,
      high: 60_000,
    }),
    transport,
  };
}

/**
 * Checks the options of a connector and fills in the defaults.
 * @throws {CableCarError} ERR_OPTION, naming the field, the value and the range
 */
export function resolveConnectorOptions(options: ConnectorOptions): ResolvedConnectorOptions {
  const isNative = (options.wire ?? 'native') === 'native';
  const ports = isNative ? { udpPort: 18_222, tcpPort: 0 } : { udpPort: 8222, tcpPort: 8223 };
  const { udpPort = ports.udpPort, tcpPort = ports.tcpPort } = options;
  const { interfaces = 'all', once = false, maxFrameBytes = 1_048_576 } = options;
  const { timeoutMs = Infinity, announceIntervalMs = 1000, headStartMs = 150 } = options;
  const { maxPeers = 1024 } = options;
  if (typeof once !== 'boolean') throw optionError('once', once, 'true or false');
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0)) {
    throw optionError('timeoutMs', timeoutMs, 'a number of milliseconds above 0');
  }
  return {
    ...resolveDiscoveryOptions(options),
    udpPort: wholeNumber('udpPort', udpPort, USER_PORTS),
    tcpPort: tcpPort === 0 && isNative ? 0 : wholeNumber('tcpPort', tcpPort, USER_PORTS),
    interfaces: checkedInterfaces(interfaces),
    once,
    timeoutMs,
    announceIntervalMs: wholeNumber('announceIntervalMs', announceIntervalMs, {
      low: 100,
      high: 60_000,
    }),
    headStartMs: wholeNumber('headStartMs', headStartMs, { low: 0, high: 5000 }),
    maxPeers: wholeNumber('maxPeers', maxPeers, { low: 1, high: 4096 }),
    maxFrameBytes: wholeNumber('maxFrameBytes', maxFrameBytes, {
      low: 1024,
      high: MAX_FRAME_LENGTH,
    }),
  };
}

/**
 * Checks the options of a server and fills in the defaults.
 * @throws {CableCarError} ERR_OPTION, naming the field, the value and the range
 */
export function resolveServerOptions(options: DirectServerOptions): ResolvedServerOptions {
  const { port, interfaces = 'all' } = options;
  return {
    ...resolveDiscoveryOptions(options),
    port: wholeNumber('port', port, PORTS),
    interfaces: checkedInterfaces(interfaces),
  };
}

/**
 * Checks the options of a client and fills in the defaults.
 * @throws {CableCarError} ERR_OPTION, naming the field, the value and the range
 */
export function resolveClientOptions(options: DirectClientOptions): ResolvedClientOptions {
  const { host, port } = options;
  if (typeof host !== 'string' || host === '') throw optionError('host', host, 'a name or address');
  return {
    ...resolveDiscoveryOptions(options),
    host,
    port: wholeNumber('port', port, PORTS),
  };
}
