import {
  type BroadcastReach,
  CableCarError,
  type DatagramOptions,
  type DatagramPort,
  type Endpoint,
  type ErrorCode,
  formatEndpoint,
  type Millis,
  type NetworkInterface,
  type Timer,
} from '@cablecar/core-protocol';
import { describeNic, type Nic } from './lan.ts';
import type { Network } from './network.ts';
import type { Arrival, UdpBinding } from './port-table.ts';
import { type Handle, type Process, Sight } from './process.ts';
import { isSelected } from './selection.ts';
import { EVERYONE, transmit } from './transmit.ts';

/** UDP's own limit. */
const MAX_DATAGRAM_BYTES = 65_507;
/** What Linux keeps for a program that does not read. */
const RECEIVE_BUFFER_BYTES = 212_992;
const ONE_WARNING_EVERY_MS: Millis = 60_000;

/** A socket that is bound to one interface's own address; it sends, and hears what is sent to it alone. */
interface Sender {
  readonly nic: Nic;
  /** The interface's address when the socket was bound. */
  readonly local: Endpoint;
  readonly binding: UdpBinding;
}

/** The port `DatagramPort` on a host of the world: one shared receiver, one sender for each interface. */
export class SimDatagrams implements DatagramPort, Handle {
  readonly kind = 'datagrams';
  readonly #network: Network;
  readonly #process: Process;
  readonly #options: DatagramOptions;
  readonly #receiver: UdpBinding;
  readonly #port: number;
  readonly #lastWarnings = new Map<string, Millis>();
  #senders: readonly Sender[] = [];
  /** When a change of interfaces will be noticed. */
  #notice: Timer | undefined;
  /** Bytes that arrived during a stall. */
  #waitingBytes = 0;
  #closed = false;

  /** @throws {CableCarError} ERR_PORT_IN_USE */
  constructor(network: Network, process: Process, options: DatagramOptions) {
    this.#network = network;
    this.#process = process;
    this.#options = options;
    const { kernel } = process;
    this.#receiver = {
      address: undefined,
      shared: options.shared ?? true,
      group: options.groups?.ipv4,
      onDatagram: (arrival) => {
        // One socket hears every interface; what came by the others is not for us.
        if (this.#senders.some(({ nic }) => nic === arrival.nic)) this.#hear(arrival);
      },
    };
    const bound = kernel.udp.bind(options.port, this.#receiver);
    process.saw(Sight.answer, bound ?? 0);
    if (bound === undefined) {
      const seen = `another program holds UDP port ${options.port}`;
      throw new CableCarError('ERR_PORT_IN_USE', `${seen}, expected to share it or find it free`);
    }
    this.#port = bound;
    process.handles.add(this);
    kernel.nicWatchers.add(this.#onNicsChanged);
    this.#rebuild();
    if (network.journal.wants('open')) network.tell('open', process.id, { detail: this.detail });
  }

  get detail(): string {
    return `UDP port ${this.#port}`;
  }

  get interfaces(): readonly NetworkInterface[] {
    return this.#senders.map(({ nic, local }) => describeNic({ ...nic, address: local.host }));
  }

  broadcast(bytes: Uint8Array, reach: BroadcastReach): void {
    if (reach === 'group6') return; // there is no IPv6 in this world
    for (const sender of this.#senders) {
      const { lan } = sender.nic;
      const port = this.#port;
      if (reach === 'group') {
        const { groups } = this.#options;
        if (lan && groups) this.#send(sender, bytes, { host: groups.ipv4, port });
        continue;
      }
      this.#send(sender, bytes, { host: lan?.broadcast ?? '127.255.255.255', port });
      if (lan && reach === 'everywhere') this.#send(sender, bytes, { host: EVERYONE, port });
    }
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    const route = this.#network.route(this.#process.kernel, to.host);
    const sender = this.#senders.find(({ nic }) => nic === route?.nic);
    if (sender) this.#send(sender, bytes, to);
    else
      this.#warn('ERR_UNREACHABLE', to.host, `no interface in use reaches ${formatEndpoint(to)}`);
  }

  close(): Promise<void> {
    this.#unbind();
    this.#process.handles.delete(this);
    return Promise.resolve();
  }

  abandon(): void {
    this.#unbind();
  }

  #send({ nic, local }: Sender, bytes: Uint8Array, to: Endpoint): void {
    if (this.#closed) return;
    if (!nic.up || nic.address !== local.host) {
      this.#warn('ERR_UNREACHABLE', nic.name, `${nic.name} no longer has ${local.host}`);
    } else if (bytes.length > MAX_DATAGRAM_BYTES) {
      this.#warn('ERR_SYSTEM', nic.name, `a datagram of ${bytes.length} bytes was too large`);
    } else {
      transmit({
        network: this.#network,
        process: this.#process,
        nic,
        from: local,
        to,
        bytes: new Uint8Array(bytes),
      });
    }
  }

  #hear({ bytes, from, number }: Arrival): void {
    const { kernel, id } = this.#process;
    const { journal } = this.#network;
    if (kernel.stalled && this.#waitingBytes + bytes.length > RECEIVE_BUFFER_BYTES) {
      if (journal.wants('datagram:lost'))
        this.#network.tell('datagram:lost', id, { from, detail: 'buffer full' });
      return;
    }
    this.#waitingBytes += bytes.length;
    this.#process.enter(() => {
      this.#waitingBytes -= bytes.length;
      if (this.#closed) return;
      this.#process.saw(Sight.datagram, number);
      if (journal.wants('datagram:heard'))
        this.#network.tell('datagram:heard', id, { from, bytes });
      this.#options.handlers.onDatagram(bytes, from);
    });
  }

  /** Programs look at the interfaces now and then, and learn of a change only by that. */
  readonly #onNicsChanged = (): void => {
    if (this.#notice) return;
    const { chance, kernel } = this.#process;
    const noticeMs = chance.within(this.#network.optionsFor(kernel).interfaceNoticeMs);
    this.#notice = this.#process.setTimer(noticeMs, () => {
      this.#notice = undefined;
      if (this.#rebuild()) this.#options.handlers.onInterfaces(this.interfaces);
    });
  };

  /** Binds a sender to each interface in use; those whose address has not changed stay. Whether any changed. */
  #rebuild(): boolean {
    const { kernel } = this.#process;
    const before = this.#senders;
    this.#senders = kernel.nics
      .filter((nic) => nic.up && isSelected(nic, this.#options.interfaces))
      .map((nic) => {
        const same = before.find((old) => old.nic === nic && old.local.host === nic.address);
        return same ?? this.#bind(nic);
      });
    for (const old of before) if (!this.#senders.includes(old)) this.#release(old);
    if (this.#senders.length === 0) {
      const { interfaces } = this.#options;
      this.#warn('ERR_NO_INTERFACE', '', `${JSON.stringify(interfaces)} selects no interface`);
    }
    return this.#senders.length !== before.length || this.#senders.some((s) => !before.includes(s));
  }

  #bind(nic: Nic): Sender {
    const { address } = nic;
    const binding: UdpBinding = {
      address,
      shared: false,
      onDatagram: (arrival) => this.#hear(arrival),
    };
    const port = this.#process.kernel.udp.bind(0, binding)!;
    this.#process.saw(Sight.answer, port);
    return { nic, local: { host: address, port }, binding };
  }

  #release({ local, binding }: Sender): void {
    this.#process.kernel.udp.unbind(local.port, binding);
  }

  #unbind(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#notice?.cancel();
    const { kernel } = this.#process;
    kernel.udp.unbind(this.#port, this.#receiver);
    kernel.nicWatchers.delete(this.#onNicsChanged);
    for (const sender of this.#senders) this.#release(sender);
  }

  #warn(code: ErrorCode, source: string, seen: string): void {
    const { engine } = this.#network;
    const last = this.#lastWarnings.get(code + source) ?? -Infinity;
    if (engine.now - last < ONE_WARNING_EVERY_MS) return;
    this.#lastWarnings.set(code + source, engine.now);
    const error = new CableCarError(code, `${seen}, expected a network that takes it`);
    this.#process.enterSoon(() => {
      if (!this.#closed) this.#options.handlers.onWarning(error);
    });
  }
}
