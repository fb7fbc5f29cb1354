import { MAX_FRAME_LENGTH, optionError, wholeNumber } from '@cablecar/core-protocol';
import { defaultName } from './default-name.ts';
import {
  checkedInterfaces,
  checkedMetadata,
  checkedName,
  checkedPath,
  checkedService,
  checkedWire,
} from './option-checks.ts';
import type {
  ConnectorOptions,
  DirectClientOptions,
  DirectServerOptions,
  DiscoveryOptions,
} from './options.ts';
import { checkedPeers } from './probe/listed-peers.ts';
import { checkedSecurity } from './security/security-checks.ts';
import { surroundings } from './surroundings.ts';
import { USER_PORTS } from './user-ports.ts';

/** What may be left out for good. */
type Optional = 'secret' | 'identity' | 'knownPeers' | 'rememberPeers';
/** Options with their defaults filled in. */
type Resolved<Options> = Required<Omit<Options, Optional>> & {
  readonly [field in keyof Options & Optional]-?: Options[field] | undefined;
};
/** The options of every kind with their defaults filled in. */
export type ResolvedDiscoveryOptions = Resolved<DiscoveryOptions>;
/** The options of a connector with their defaults filled in. */
export type ResolvedConnectorOptions = Resolved<ConnectorOptions>;
/** The options of a server with their defaults filled in. */
export type ResolvedServerOptions = Resolved<DirectServerOptions>;
/** The options of a client with their defaults filled in. */
export type ResolvedClientOptions = Resolved<DirectClientOptions>;

const PORTS = { low: 1, high: 65_535 };

/**
 * Checks the options of every kind and fills in the defaults.
 * @throws {CableCarError} ERR_OPTION, naming the field, the value and the range
 */
function resolveDiscoveryOptions(options: DiscoveryOptions): ResolvedDiscoveryOptions {
  const { wire = 'native', service = 'default', name = defaultName(), metadata = {} } = options;
  const { handshakeTimeoutMs = 2000 } = options;
  const { security = 'tls', secret, identity, trust = 'any', knownPeers } = options;
  const checked = checkedName(name);
  return {
    wire: checkedWire(wire, metadata),
    service: checkedService(service),
    ...checkedSecurity({ security, secret, identity, trust, knownPeers }, wire),
    name: checked,
    metadata: checkedMetadata(metadata, { name: checked, secret }),
    handshakeTimeoutMs: wholeNumber('handshakeTimeoutMs', handshakeTimeoutMs, {
      low: 100,
      high: 60_000,
    }),
    ...surroundings(options),
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
  const { interfaces = 'all', once = false, maxMessageBytes = 1_048_576 } = options;
  const { timeoutMs = Infinity, announceIntervalMs = 1000, headStartMs = 150 } = options;
  const { maxPeers = 1024, peers = [], rememberPeers } = options;
  const { wire = 'native' } = options;
  if (typeof once !== 'boolean') throw optionError('once', once, 'true or false');
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0)) {
    throw optionError('timeoutMs', timeoutMs, 'a number of milliseconds above 0');
  }
  return {
    ...resolveDiscoveryOptions(options),
    udpPort: wholeNumber('udpPort', udpPort, USER_PORTS),
    tcpPort: tcpPort === 0 && isNative ? 0 : wholeNumber('tcpPort', tcpPort, USER_PORTS),
    interfaces: checkedInterfaces(interfaces),
    peers: checkedPeers(peers, wire),
    rememberPeers: checkedPath('rememberPeers', rememberPeers, wire),
    once,
    timeoutMs,
    announceIntervalMs: wholeNumber('announceIntervalMs', announceIntervalMs, {
      low: 100,
      high: 60_000,
    }),
    headStartMs: wholeNumber('headStartMs', headStartMs, { low: 0, high: 5000 }),
    maxPeers: wholeNumber('maxPeers', maxPeers, { low: 1, high: 16_384 }),
    maxMessageBytes: wholeNumber('maxMessageBytes', maxMessageBytes, {
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
