import {
  BEACON_GROUPS,
  type BroadcastReach,
  type CableCarError,
  type DatagramHandlers,
  type DatagramPort,
  type NetworkInterface,
  type Transport,
} from '@cablecar/core-protocol';

/** A datagram port on each interface alone, so that it is known which of them a fault belongs to. */
export class BeaconMouths {
  readonly #ports: DatagramPort[] = [];
  readonly #errors = new Map<string, Set<string>>();

  /** Opens one on each of the addresses. */
  async open(
    networks: readonly NetworkInterface[],
    { transport, port, onDatagram }: MouthOptions,
  ): Promise<void> {
    for (const { address } of networks) {
      this.#ports.push(
        await transport.openDatagrams({
          port,
          interfaces: [address],
          groups: BEACON_GROUPS,
          handlers: {
            onDatagram,
            onInterfaces: () => {},
            onWarning: (error) => this.#note(address, error),
          },
        }),
      );
    }
  }

  broadcast(bytes: Uint8Array, reach: BroadcastReach): void {
    for (const port of this.#ports) port.broadcast(bytes, reach);
  }

  /** What the system said when something was to be sent from this address. */
  errorsOf(address: string): string[] {
    return [...(this.#errors.get(address) ?? [])];
  }

  async close(): Promise<void> {
    await Promise.all(this.#ports.map((port) => port.close()));
  }

  #note(address: string, error: CableCarError): void {
    const { code } = (error.cause ?? {}) as { readonly code?: unknown };
    if (typeof code !== 'string') return; // it is about the interface's going, which the ear tells
    this.#errors.set(address, (this.#errors.get(address) ?? new Set()).add(code));
  }
}

/** What mouths need. */
export interface MouthOptions {
  readonly transport: Transport;
  readonly port: number;
  readonly onDatagram: DatagramHandlers['onDatagram'];
}
