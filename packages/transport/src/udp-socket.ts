import { createSocket, type Socket } from 'node:dgram';
import type { Endpoint, NetworkInterface } from '@cablecar/core-protocol';

/** How a UDP socket is bound and whom it tells. */
export interface UdpSocketOptions {
  /** Of either family; a link-local address names its interface: `fe80::1%eth0`. */
  readonly address: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Whether other sockets may bind the same port. */
  readonly shared: boolean;
  onDatagram(bytes: Uint8Array, from: Endpoint): void;
  /** Receiving failed; the socket lives on. */
  onError(error: unknown): void;
}

/** One bound UDP socket. After it has opened, nothing throws and no error goes unheard. */
export class UdpSocket {
  readonly #socket: Socket;
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Binds; rejects with the system's own error. */
  static open(options: UdpSocketOptions): Promise<UdpSocket> {
    return new Promise((resolve, reject) => {
      const isIPv6 = options.address.includes(':');
      const socket = createSocket({
        type: isIPv6 ? 'udp6' : 'udp4',
        ipv6Only: isIPv6,
        reuseAddr: options.shared,
        lookup: addressOnly,
      });
      const failed = (error: unknown): void => {
        socket.close();
        reject(error);
      };
      socket.once('error', failed);
      socket.bind({ address: options.address, port: options.port, exclusive: true }, () => {
        try {
          if (!isIPv6) socket.setBroadcast(true);
        } catch (error) {
          failed(error);
          return;
        }
        socket.off('error', failed);
        socket.on('error', (error) => options.onError(error));
        socket.on('message', (bytes, { address, port }) => {
          options.onDatagram(bytes, { host: address, port });
        });
        resolve(new UdpSocket(socket));
      });
    });
  }

  /** Sends one datagram to an address of its family; `onError` hears of it when the system will not. */
  send(bytes: Uint8Array, to: Endpoint, onError: (error: unknown) => void): void {
    if (this.#closed) return;
    try {
      this.#socket.send(bytes, to.port, to.host, (error) => {
        if (error !== null && !this.#closed) onError(error);
      });
    } catch (error) {
      onError(error); // a port that no datagram can go to, such as the 0 that a stranger sent from
    }
  }

  /** What it sends to a group leaves by this interface and goes no farther than the link. False where that cannot be. */
  castOn(network: NetworkInterface): boolean {
    return this.#succeeds(() => {
      this.#socket.setMulticastInterface(multicastInterface(network));
      this.#socket.setMulticastTTL(1);
    });
  }

  /** Hears a group on an interface. False where that cannot be, or is so already. */
  join(group: string, network: NetworkInterface): boolean {
    return this.#succeeds(() => this.#socket.addMembership(group, multicastInterface(network)));
  }

  /** Hears it there no more. False where the interface is gone, and the membership with it. */
  leave(group: string, network: NetworkInterface): boolean {
    return this.#succeeds(() => this.#socket.dropMembership(group, multicastInterface(network)));
  }

  /** Resolves when the port is free again. */
  close(): Promise<void> {
    this.#closed = true;
    return new Promise((resolve) => {
      this.#socket.close(() => resolve());
    });
  }

  #succeeds(action: () => void): boolean {
    if (this.#closed) return false;
    try {
      action();
      return true;
    } catch {
      return false;
    }
  }
}

/** How the system wants an interface named where groups are concerned. */
function multicastInterface({ family, address }: NetworkInterface): string {
  return family === 'IPv4' ? address : `::%${address.slice(address.indexOf('%') + 1)}`;
}

/** In place of the resolver: hosts are addresses here, and answering at once sends within the call. */
function addressOnly(
  host: string,
  _options: unknown,
  callback: (error: null, address: string, family: number) => void,
): void {
  callback(null, host, host.includes(':') ? 6 : 4);
}
