import type { Endpoint } from '@cablecar/core-protocol';
import type { Kernel } from './kernel.ts';
import type { Nic } from './lan.ts';
import type { Network } from './network.ts';
import type { ResolvedNetworkOptions } from './options.ts';
import type { UdpBinding } from './port-table.ts';
import type { Process } from './process.ts';

/** The address that every host of a LAN hears. */
export const EVERYONE = '255.255.255.255';
/** A multicast group: every host of a LAN hears it that has a program which joined. */
const GROUP = /^2(2[4-9]|3\d)\./;

/** One datagram that leaves. */
export interface Transmission {
  readonly network: Network;
  readonly process: Process;
  /** The interface by which it leaves. */
  readonly nic: Nic;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly bytes: Uint8Array;
}

/** Sends a datagram to whoever it is for; each of them may get it once, twice or not at all, and in any order. */
export function transmit(datagram: Transmission): void {
  const { network, process, from, to, bytes } = datagram;
  const { kernel } = process;
  if (network.journal.wants('datagram:sent'))
    network.tell('datagram:sent', process.id, { from, to, bytes });
  const number = process.nextDatagramNumber();
  for (const target of targets(datagram)) {
    const far = target !== kernel;
    const options = network.optionsFor(kernel, target);
    const { datagramDuplication } = options;
    if (!target || (far && network.happens(lossOf(datagram, options), process))) {
      lost(datagram, target ? `on the way to ${target.name}` : 'nobody has this address');
      continue;
    }
    const copies = far && network.happens(datagramDuplication, process) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const { engine } = network;
      const delay = network.delay(kernel, target, process.chance);
      engine.schedule(engine.now + delay, () => {
        if (engine.chooser) target.trace.word(number);
        arrive(datagram, target, number);
      });
    }
  }
}

/** How likely it is lost on its way to one host, by either of two causes. */
function lossOf(datagram: Transmission, options: ResolvedNetworkOptions): number {
  const { datagramLoss, broadcastLoss, multicastLoss } = options;
  if (!isBroadcast(datagram)) return datagramLoss;
  const more = GROUP.test(datagram.to.host) ? multicastLoss : broadcastLoss;
  return 1 - (1 - datagramLoss) * (1 - more);
}

function isBroadcast({ nic, to }: Transmission): boolean {
  const toAll = to.host === (nic.lan?.broadcast ?? '127.255.255.255') || to.host === EVERYONE;
  return toAll || GROUP.test(to.host);
}

function targets(datagram: Transmission): readonly (Kernel | undefined)[] {
  const { network, process, nic, to } = datagram;
  if (isBroadcast(datagram)) return network.neighbours(process.kernel, nic);
  return [network.route(process.kernel, to.host)?.to];
}

function arrive(datagram: Transmission, at: Kernel, number: number): void {
  const { network, process, from, to, bytes } = datagram;
  const nic = at.nics.find(({ lan }) => lan === datagram.nic.lan)!;
  const toAll = isBroadcast(datagram);
  const far = at !== process.kernel;
  const origin = { kernel: process.kernel, address: from.host };
  if (!network.passes(origin, { kernel: at, address: toAll ? nic.address : to.host })) {
    return lost(datagram, `no way to ${at.name}`);
  }
  if (far && at.firewall.datagrams === 'drop') return lost(datagram, `firewall of ${at.name}`);
  const hearers = toAll ? everyListener(at, to) : oneListener(at, to);
  if (hearers.length === 0) return lost(datagram, `nobody listens at ${at.name}`);
  const { engine } = network;
  for (const hearer of hearers) {
    const hear = (): void => hearer.onDatagram({ bytes: new Uint8Array(bytes), from, nic, number });
    if (hearers.length === 1) hear();
    else engine.schedule(engine.now, hear);
  }
}

/** A broadcast is heard by every socket that is bound to no address of its own, what goes to a group by its members. */
function everyListener(at: Kernel, { host, port }: Endpoint): readonly UdpBinding[] {
  const isGroup = GROUP.test(host);
  return at.udp
    .at(port)
    .filter(({ address, group }) => address === undefined && (!isGroup || group === host));
}

/** What is sent to one address is heard by one socket: that address's own, or the last that was bound to the port. */
function oneListener(at: Kernel, { host, port }: Endpoint): readonly UdpBinding[] {
  const bindings = at.udp.at(port);
  const own = bindings.findLast(({ address }) => address === host);
  return own ? [own] : bindings.filter(({ address }) => address === undefined).slice(-1);
}

function lost({ network, process, from, to }: Transmission, detail: string): void {
  if (network.journal.wants('datagram:lost'))
    network.tell('datagram:lost', process.id, { from, to, detail });
}
