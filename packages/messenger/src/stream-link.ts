import type {
  Connection,
  ConnectionHandlers,
  Endpoint,
  Link,
  PeerInfo,
  WireName,
} from '@cablecar/core-protocol';
import { CLASSIC_CONNECTION, cleanName, formatEndpoint } from '@cablecar/core-protocol';
import { streamConnection, systemClock, systemRandom } from '@cablecar/transport';
import type { Duplex } from 'node:stream';

/** Any stream as a link: nobody introduced the other end, so its endpoint stands for its id and, at first, its name. */
export function streamLink(stream: Duplex, wire: WireName): Link {
  const settings = wire === 'native' ? {} : CLASSIC_CONNECTION;
  return new StreamLink(streamConnection(stream, settings));
}

class StreamLink implements Link {
  #peer: PeerInfo;
  /** Nobody knows where the other end of a stream could be found again. */
  readonly resumable = false;
  readonly clock: Link['clock'] = systemClock;
  readonly random: Link['random'] = systemRandom;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
    const endpoint = connection.remote;
    const id = formatEndpoint(endpoint);
    this.#peer = {
      id,
      name: id,
      epoch: '0000000000000000',
      metadata: {},
      endpoint,
      dialledBy: 'us',
      via: 'stream',
    };
  }

  get peer(): PeerInfo {
    return this.#peer;
  }

  get local(): Endpoint {
    return this.#connection.local;
  }

  get remote(): Endpoint {
    return this.#connection.remote;
  }

  get bufferedBytes(): number {
    return this.#connection.bufferedBytes;
  }

  attach(handlers: ConnectionHandlers): void {
    this.#connection.attach(handlers);
  }

  write(pieces: readonly Uint8Array[]): boolean {
    return this.#connection.write(pieces);
  }

  pause(): void {
    this.#connection.pause();
  }

  resume(): void {
    this.#connection.resume();
  }

  end(): void {
    this.#connection.end();
  }

  rename(name: string): void {
    this.#peer = { ...this.#peer, name: cleanName(name, this.#peer.id) };
  }

  reconnect(): void {
    this.#connection.destroy();
  }

  destroy(): void {
    this.#connection.destroy();
  }
}
