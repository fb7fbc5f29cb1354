import {
  optionError,
  type InterfaceSelection,
  type MessageClass,
  type Millis,
} from '@cablecar/core-protocol';
import { BroadcastConnector, type ConnectorOptions } from '@cablecar/discovery';
import type { MessengerOptions } from '@cablecar/messenger';

/** What {@link join} takes: how to find peers, and how to talk to them. */
export interface JoinOptions<Classes extends readonly MessageClass[] = readonly MessageClass[]>
  extends ConnectorOptions, MessengerOptions<Classes> {
  /**
   * How many of the latest events are kept for `mesh.report()`; the oldest make room. @default 256 (range 0 to 65_536)
   */
  readonly eventLogSize?: number;
}

/** What `diagnose()` takes: what the programs are set to that do not meet, and whom to look at. */
export interface DiagnoseOptions {
  /**
   * Another machine, by name or IPv4 address. With a doctor running there as well, what passes between the two is
   * told apart. @default none
   */
  readonly host?: string;
  /** The service of the programs that are to meet. @default 'default' (1 to 255 bytes of UTF-8) */
  readonly service?: string;
  /**
   * The secret of the programs that are to meet; with it the doctor reads their beacons, and tells who has another one.
   * @default none (text)
   */
  readonly secret?: string;
  /** What other doctors see. @default user@host (1 to 64 characters, none of them invisible) */
  readonly name?: string;
  /** The UDP port of the beacons. @default 18_222 (range 1_024 to 65_535) */
  readonly udpPort?: number;
  /**
   * The TCP port on which doctors talk, and the one that is tried at `host` while nothing is heard from there.
   * @default the number of `udpPort`, or any where that is taken (range 1_024 to 65_535)
   */
  readonly tcpPort?: number;
  /** Which network interfaces to look at. @default 'all' */
  readonly interfaces?: InterfaceSelection;
  /**
   * How long to listen, in milliseconds; attempts to connect that are under way then are waited for. Infinity is until
   * the signal aborts. @default 3_000, or 5_000 with `host` (range 100 to Infinity)
   */
  readonly waitMs?: Millis;
  /** Aborting ends the listening; what was seen until then is judged. @default none */
  readonly signal?: AbortSignal;
}

/** The options with their defaults filled in; what has none may be undefined. */
export interface ResolvedDiagnoseOptions {
  readonly host: string | undefined;
  readonly service: string;
  readonly serviceAsked: boolean;
  readonly secret: string | undefined;
  readonly name: string;
  readonly udpPort: number;
  readonly tcpPort: number | undefined;
  readonly interfaces: InterfaceSelection;
  readonly waitMs: Millis;
  readonly signal: AbortSignal | undefined;
}

/**
 * Checks the options and fills in the defaults. What is an option of the connector is checked by one.
 * @throws {CableCarError} ERR_OPTION, naming the field, the value and the range
 */
export function resolveDiagnoseOptions(options: DiagnoseOptions): ResolvedDiagnoseOptions {
  const { host, service = 'default', name, udpPort = 18_222, tcpPort, secret, signal } = options;
  const { interfaces = 'all', waitMs = host === undefined ? 3000 : 5000 } = options;
  const connector = new BroadcastConnector({
    ...{ service, udpPort, interfaces },
    ...(name !== undefined && { name }),
    ...(tcpPort !== undefined && { tcpPort }),
    ...(secret !== undefined && { secret }),
  });
  if (host === '') throw optionError('host', "''", 'a name or address');
  if (typeof waitMs !== 'number' || !(waitMs >= 100)) {
    throw optionError('waitMs', waitMs, 'a number of milliseconds from 100');
  }
  const serviceAsked = options.service !== undefined;
  const checked = { host, service, serviceAsked, secret, name: connector.name, udpPort, tcpPort };
  return { ...checked, interfaces, waitMs, signal };
}
