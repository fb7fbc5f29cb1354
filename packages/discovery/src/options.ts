import type {
  InterfaceSelection,
  Metadata,
  Millis,
  Observer,
  Transport,
  WireName,
} from '@cablecar/core-protocol';
import type { SecurityMode, Trust } from './security/trust.ts';

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
  /**
   * Whether connections are encrypted and peers known by their keys. 'none' is for debugging, brings every connector a
   * warning ERR_INSECURE, and meets only programs that do the same: nothing is ever negotiated down. The classic wires
   * know no encryption. @default 'tls' ('tls' or 'none')
   */
  readonly security?: SecurityMode;
  /**
   * Only programs with the same secret meet, and nobody else can read their beacons. Take what `generateSecret()` gives:
   * one that could be guessed is refused with ERR_WEAK_SECRET. Not on the classic wires. @default none (text)
   */
  readonly secret?: string;
  /**
   * The file that keeps this program's key, and so its id, from one start to the next. It is made where there is none.
   * One program at a time uses it. Not on the classic wires. @default none: another id at each start (a path)
   */
  readonly identity?: string;
  /**
   * Who is let in: 'any'; 'known', which remembers who first came under a name, turns away whoever comes under it with
   * another key, and emits `identity-conflict`; `{ allow: ids }`; or a function that is given the peer and answers true
   * or false, or a promise of it. Whoever is not let in is told ERR_UNTRUSTED. Not on the classic wires.
   * @default 'any'
   */
  readonly trust?: Trust;
  /**
   * The file that remembers peers for trust 'known': at most 1,024 names, further ones are turned away.
   * @default the path of `identity` and `.known` behind it (a path)
   */
  readonly knownPeers?: string;
  /** Sockets, time and chance. @default nodeTransport() */
  readonly transport?: Transport;
  /** Who is told what happens, instead of the channels of `node:diagnostics_channel`. @default those channels */
  readonly observer?: Observer;
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
  /**
   * Hosts to ask directly, where broadcasts do not reach: names or addresses, each with a port behind a colon if it is
   * another than `udpPort`. They are asked again and again, until they are met and whenever they were lost. One program of
   * another subnet is enough: whom it knows comes by gossip. At most 64; not on the classic wires. @default []
   */
  readonly peers?: readonly string[];
  /**
   * The file that remembers the hosts of peers, at most 64, to ask them directly at the next start. It is made where there
   * is none; one that cannot be used brings a warning. Not on the classic wires. @default none (a path)
   */
  readonly rememberPeers?: string;
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
  /** Links at a time. Further peers are not dialled, and turned away with ERR_LIMIT. @default 1_024 (range 1 to 16_384) */
  readonly maxPeers?: number;
  /**
   * The longest line that is taken on the classic JSON wire, in bytes, as in the options of the messengers: a longer one
   * is skipped, with a warning ERR_FRAME_TOO_LARGE. @default 1_048_576 (range 1_024 to 268_435_455)
   */
  readonly maxMessageBytes?: number;
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
