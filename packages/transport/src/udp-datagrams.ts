import {
  CableCarError,
  formatEndpoint,
  type BroadcastReach,
  type Clock,
  type DatagramOptions,
  type DatagramPort,
  type Endpoint,
  type NetworkInterface,
} from '@cablecar/core-protocol';
import { InterfaceWatch } from './interface-watch.ts';
import { selectInterfaces } from './interfaces.ts';
import { requirePort } from './ports.ts';
import { bindError, enumerateError, receiveError } from './system-errors.ts';
import { UdpReceivers } from './udp-receivers.ts';
import { UdpSenders } from './udp-senders.ts';
import { WarningLimit } from './warning-limit.ts';

/** What a datagram port needs of the system beside sockets. */
export interface UdpEnvironment {
  readonly clock: Clock;
  enumerate(): readonly NetworkInterface[];
}

/** Opens a datagram port over UDP on IPv4, and where there are groups on the link-local addresses of IPv6. */
export async function openUdpDatagrams(
  options: DatagramOptions,
  environment: UdpEnvironment,
): Promise<DatagramPort> {
  requirePort(options.port);
  const datagrams = new UdpDatagrams(options, environment);
  try {
    await datagrams.open();
  } catch (cause) {
    await datagrams.close();
    throw bindError(`UDP port ${options.port}`, cause);
  }
  return datagrams;
}

/** Wildcard receivers for broadcasts and groups, one sender an address, rebuilt as interfaces come and go. */
class UdpDatagrams implements DatagramPort {
  readonly #options: DatagramOptions;
  readonly #clock: Clock;
  readonly #watch: InterfaceWatch;
  readonly #warnings: WarningLimit;
  readonly #senders: UdpSenders;
  readonly #receivers: UdpReceivers;
  #wanted: readonly NetworkInterface[] = [];
  #matching: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: DatagramOptions, environment: UdpEnvironment) {
    const { clock } = environment;
    this.#options = options;
    this.#clock = clock;
    this.#warnings = new WarningLimit(clock, (error) => options.handlers.onWarning(error));
    this.#senders = new UdpSenders({
      onDatagram: (bytes, from) => this.#deliver(bytes, from),
      onUnrouted: (error) => this.#warn('', error),
      onTrouble: (network, error) => this.#trouble(network, error),
      groups: options.groups,
      isRouted: options.groups !== undefined && options.interfaces === 'all',
    });
    this.#receivers = new UdpReceivers({
      port: options.port,
      shared: options.shared ?? true,
      groups: options.groups,
      onDatagram: (bytes, from) => this.#receive(bytes, from),
      onError: (cause) => this.#warn('', receiveError(`UDP port ${options.port}`, cause)),
    });
    this.#watch = new InterfaceWatch({
      clock,
      enumerate: () => environment.enumerate(),
      onChange: (interfaces) => this.#change(interfaces),
      onError: (cause) => this.#warn('', enumerateError(cause)),
    });
  }

  get interfaces(): readonly NetworkInterface[] {
    return this.#senders.interfaces;
  }

  async open(): Promise<void> {
    this.#watch.start();
    await Promise.all([this.#matching, this.#senders.openRouted()]);
    // Last, so that nothing is heard before the caller has the port in hand.
    await this.#receivers.open();
    this.#receivers.match(this.interfaces);
    if (this.interfaces.length === 0) this.#warnOfNoInterface();
  }

  broadcast(bytes: Uint8Array, reach: BroadcastReach): void {
    if (this.#isOpen) this.#senders.broadcast(bytes, this.#options.port, reach);
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (!this.#isOpen || this.#senders.send(bytes, to)) return;
    const sentence = `no interface in use reaches ${formatEndpoint(to)}, expected one that does`;
    this.#warn('', new CableCarError('ERR_UNREACHABLE', sentence));
  }

  get #isOpen(): boolean {
    return this.#receivers.isOpen && this.#closing === undefined;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#watch.close();
    this.#wanted = [];
    await this.#matching;
    await Promise.all([this.#senders.close(), this.#receivers.close()]);
  }

  #change(interfaces: readonly NetworkInterface[]): void {
    const selected = selectInterfaces(interfaces, this.#options.interfaces);
    const { groups } = this.#options;
    this.#wanted = selected.filter(
      (network) => network.family === 'IPv4' || (groups && isLinkLocal(network)),
    );
    this.#matching ??= this.#match();
  }

  /** Brings the senders up to the interfaces wanted, which may change again meanwhile. */
  async #match(): Promise<void> {
    let changed = false;
    let wanted: readonly NetworkInterface[];
    do {
      wanted = this.#wanted;
      changed = (await this.#senders.match(wanted)) || changed;
    } while (wanted !== this.#wanted);
    this.#matching = undefined;
    if (!changed || !this.#isOpen) return;
    this.#receivers.match(this.interfaces);
    this.#tellInterfaces(this.interfaces);
  }

  #tellInterfaces(interfaces: readonly NetworkInterface[]): void {
    this.#options.handlers.onInterfaces(interfaces);
    if (interfaces.length === 0) this.#warnOfNoInterface();
  }

  #receive(bytes: Uint8Array, from: Endpoint): void {
    // One socket hears every interface; an address tells by which of them its datagram came.
    if (this.#options.interfaces === 'all' || this.#senders.reaches(from.host)) {
      this.#deliver(bytes, from);
    }
  }

  #deliver(bytes: Uint8Array, from: Endpoint): void {
    if (this.#isOpen) this.#options.handlers.onDatagram(bytes, from);
  }

  #trouble(network: NetworkInterface, error: CableCarError): void {
    // An address of IPv6 is listed before the system lets it be used: it has to make sure first that nobody has it.
    if (network.family === 'IPv4') this.#warn(network.name, error);
    // The next look mends what can be mended; soon if an address may have gone, else in its own time.
    this.#watch.forget();
    if (error.code === 'ERR_UNREACHABLE') this.#watch.lookSoon();
  }

  #warnOfNoInterface(): void {
    const { interfaces } = this.#options;
    const asked = typeof interfaces === 'string' ? `'${interfaces}'` : interfaces.join(', ');
    const sentence = `no interface with an address is up, expected one of ${asked}`;
    this.#warn('', new CableCarError('ERR_NO_INTERFACE', sentence));
  }

  /** Later, so that no call of the owner's is answered by a call into the owner. */
  #warn(source: string, error: CableCarError): void {
    this.#clock.setTimer(0, () => {
      if (this.#isOpen) this.#warnings.warn(source, error);
    });
  }
}

/** Whether it is an IPv6 address that holds on its link alone. */
function isLinkLocal({ address }: NetworkInterface): boolean {
  return /^fe[89ab][0-9a-f]:/i.test(address);
}
