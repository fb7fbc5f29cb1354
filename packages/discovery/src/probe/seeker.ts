import { CableCarError, type Transport } from '@cablecar/core-protocol';
import type { BeaconInput } from '../beacon/beacon-types.ts';
import type { ResolvedConnectorOptions } from '../resolve-options.ts';
import { endpointOf } from './listed-peers.ts';
import type { Probe } from './probes.ts';
import { RememberedHosts } from './remembered-hosts.ts';

/** Whom a seeker tells. */
export interface SeekerListener {
  /** What the rules of beacons are to know. */
  onInput(input: BeaconInput): void;
  onWarning(error: CableCarError): void;
}

/** Hands the rules of beacons whom they are to ask: who was listed, who was met before, and what names stand for. */
export class Seeker {
  readonly #transport: Transport;
  readonly #options: ResolvedConnectorOptions;
  readonly #listener: SeekerListener;
  readonly #remembered: RememberedHosts | undefined;
  /** Names of which it was told that they have no address. */
  readonly #unknown = new Set<string>();

  constructor(options: ResolvedConnectorOptions, listener: SeekerListener) {
    const { transport, rememberPeers } = options;
    this.#transport = transport;
    this.#options = options;
    this.#listener = listener;
    this.#remembered =
      rememberPeers === undefined
        ? undefined
        : new RememberedHosts(transport.privateFile(rememberPeers), (error) =>
            listener.onWarning(error),
          );
  }

  /** Begins to ask. */
  start(): void {
    const { peers, udpPort: port } = this.#options;
    for (const entry of peers) {
      const endpoint = endpointOf(entry, port);
      if (endpoint !== undefined) this.#seek({ endpoint, road: 'peers' });
    }
    for (const host of this.#remembered?.hosts ?? []) {
      this.#seek({ endpoint: { host, port }, road: 'remembered' });
    }
  }

  /** There is a link with a peer on a host. */
  met(host: string): void {
    this.#remembered?.add(host);
  }

  /** Finds the addresses of the host of a probe. A name that has none may have some later; it is told of once. */
  resolve(probe: Probe): void {
    const { host } = probe.endpoint;
    this.#transport.resolve(host).then(
      (addresses) => this.#listener.onInput({ kind: 'resolved', probe, addresses }),
      (cause: unknown) => {
        if (this.#unknown.has(host)) return;
        this.#unknown.add(host);
        const sentence = `'${host}' could not be resolved, expected a host that the system knows`;
        this.#listener.onWarning(CableCarError.from(cause, 'ERR_HOST_UNKNOWN', sentence));
      },
    );
  }

  #seek(probe: Probe): void {
    this.#listener.onInput({ kind: 'seek', probe });
  }
}
