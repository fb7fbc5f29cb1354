import {
  CableCarError,
  decodeAcquaintances,
  decodeBeacon,
  isAcquaintances,
  type Beacon,
  type BeaconKind,
  type BeaconRoad,
  type Endpoint,
  type Machine,
  type Millis,
  type NetworkInterface,
  type PeerId,
  type Wake,
} from '@cablecar/core-protocol';
import { lifeOf, type Life } from '../life.ts';
import { ByAddress } from '../probe/by-address.ts';
import type { Probe } from '../probe/probes.ts';
import type { Self } from '../self.ts';
import { USER_PORTS } from '../user-ports.ts';
import {
  AnnounceSchedule,
  CHANGE_BURST_MS,
  START_BURST_MS,
  type BeaconSettings,
} from './announce-schedule.ts';
import type { BeaconState } from './beacon-transitions.ts';
import type { BeaconInput, BeaconOutput, DatagramCounts } from './beacon-types.ts';
import { EVERY_CAST, type Cast } from './casts.ts';
import { noDatagrams } from './no-datagrams.ts';
import { isOnLink } from './on-link.ts';
import { OwnBeacons } from './own-beacons.ts';
import { Sightings } from './sightings.ts';
import { isToUsAlone, Visitors } from './visitors.ts';

const GOODBYES = 3;

/** A program that announces itself. */
interface Announcing {
  readonly id: PeerId;
  readonly port: number;
  beacons: OwnBeacons;
  interfaces: readonly NetworkInterface[];
}

/**
 * When to send which beacon, and what the beacons of others show.
 *
 * A beacon is a hint: it is believed for nothing but that its source address may be worth dialling.
 * @see docs/protocol.md §2
 */
export class BeaconMachine implements Machine<BeaconInput, BeaconOutput> {
  /** What came so far. */
  readonly counts: DatagramCounts = noDatagrams();
  readonly #schedule: AnnounceSchedule;
  readonly #sightings = new Sightings((event) => this.#outputs.push({ kind: 'event', event }));
  readonly #visitors = new Visitors();
  readonly #byAddress: ByAddress;
  #announcing: Announcing | undefined;
  #outputs: BeaconOutput[] = [];

  constructor(settings: BeaconSettings) {
    this.#schedule = new AnnounceSchedule(settings);
    this.#byAddress = new ByAddress(settings.udpPort);
  }

  get state(): BeaconState {
    return this.#announcing === undefined ? 'silent' : 'announcing';
  }

  handle(input: BeaconInput | Wake, now: Millis): readonly BeaconOutput[] {
    this.#outputs = [];
    this.#step(input, now);
    return this.#outputs;
  }

  /** The road of the first beacon that was heard of a life. */
  roadOf(life: Life): BeaconRoad | undefined {
    return (this.#sightings.get(life) ?? this.#visitors.get(life))?.road;
  }

  nextDeadline(): Millis | undefined {
    if (this.#announcing === undefined) return undefined;
    return Math.min(this.#schedule.due ?? Infinity, this.#byAddress.due ?? Infinity);
  }

  #step(input: BeaconInput | Wake, now: Millis): void {
    switch (input.kind) {
      case 'start':
        return this.#start(input, now);
      case 'datagram':
        return this.#hear(input.bytes, input.from, now);
      case 'interfaces':
        return this.#moved(input.interfaces, now);
      case 'changed':
        return this.#changed(input.self, now);
      case 'linked':
        this.#sightings.linked(input.life);
        return this.#contact(input.life, now);
      case 'unlinked':
        this.#sightings.unlinked(input.life, now);
        return this.#byAddress.lost(input.life, now);
      case 'seek':
        return this.#announcing && this.#byAddress.seek(input.probe, now);
      case 'resolved':
        return this.#ask(this.#byAddress.resolved(input.probe, input.addresses), now);
      case 'stop':
        return this.#stop();
      case 'wake':
        if (!input.hasSlept) return this.#tick(now);
        // Others may have forgotten us, and we do not know who is there.
        return this.#announcing && this.#moved(this.#announcing.interfaces, now);
      default:
        return input satisfies never;
    }
  }

  #start({ self, port, interfaces }: Extract<BeaconInput, { kind: 'start' }>, now: Millis): void {
    const beacons = new OwnBeacons(self, port);
    this.#announcing = { id: self.id, port, beacons, interfaces };
    this.#broadcast('probe');
    this.#schedule.begin(START_BURST_MS, now);
  }

  #moved(interfaces: readonly NetworkInterface[], now: Millis): void {
    if (this.#announcing === undefined) return;
    this.#announcing.interfaces = interfaces;
    this.#broadcast('probe');
    this.#schedule.begin(START_BURST_MS, now);
    this.#byAddress.hurry(now);
  }

  #changed(self: Self, now: Millis): void {
    if (this.#announcing === undefined) return;
    this.#announcing.beacons = new OwnBeacons(self, this.#announcing.port);
    this.#broadcast('announce');
    this.#schedule.begin(CHANGE_BURST_MS, now);
  }

  #stop(): void {
    if (this.#announcing === undefined) return;
    for (let count = 0; count < GOODBYES; count++) this.#broadcast('goodbye');
    this.#announcing = undefined;
    this.#schedule.stop();
    this.#sightings.clear();
    this.#byAddress.clear();
  }

  #tick(now: Millis): void {
    if (this.#announcing === undefined) return;
    const { asks, names, telling } = this.#byAddress.take(now);
    this.#ask(asks, now);
    for (const probe of names) this.#outputs.push({ kind: 'resolve', probe });
    if (telling !== undefined) {
      const bytes = this.#announcing.beacons.acquaintances(telling.about);
      this.#outputs.push({ kind: 'send', bytes, to: telling.to });
    }
    const { due } = this.#schedule;
    if (due === undefined || now < due) return;
    const { size } = this.#sightings;
    this.#sightings.expire(this.#schedule.intervalMs(size), now);
    const { interfaces } = this.#announcing;
    this.#broadcast('announce', this.#schedule.next(size, interfaces, now));
  }

  #hear(bytes: Uint8Array, from: Endpoint, now: Millis): void {
    if (this.#announcing === undefined) return;
    const { id, beacons } = this.#announcing;
    const { counts } = this;
    counts.received++;
    if (isAcquaintances(bytes)) return this.#learn(bytes, from, now);
    const beacon = decodeBeacon(bytes);
    if (beacon === undefined) return void counts.foreign++;
    if (CableCarError.is(beacon)) return void counts.malformed++;
    if (beacon.serviceHash !== beacons.serviceHash) return void counts.otherService++;
    if (beacon.id === id) return void counts.own++;
    if (!this.#isTrusted(beacon, from, now)) return this.#visited(beacon, from, bytes.length, now);
    if (beacon.kind === 'goodbye') return this.#sightings.takeLeave(beacon, from);
    const heard = this.#sightings.hear(beacon, from, now);
    if (heard === 'limited') return void counts.limited++;
    this.#contact(lifeOf(beacon), now);
    if (heard === 'answer') this.#answer(beacon, from, bytes.length);
  }

  /** Whether it comes from a neighbour, or from where we have asked. */
  #isTrusted({ kind, port }: Beacon, { host }: Endpoint, now: Millis): boolean {
    if (port < USER_PORTS.low || this.#announcing === undefined) return false;
    if (isOnLink(host, this.#announcing.interfaces)) return true;
    return kind === 'answer' && this.#byAddress.isAsked(host, now);
  }

  /** Somebody from elsewhere: what asks us alone is answered, nothing else is heard. */
  #visited(beacon: Beacon, from: Endpoint, questionBytes: number, now: Millis): void {
    const { kind, port } = beacon;
    if (kind !== 'probe' || !isToUsAlone(beacon) || port < USER_PORTS.low)
      return void this.counts.untrusted++;
    if (!this.#visitors.ask(beacon, from, now)) return void this.counts.limited++;
    this.#contact(lifeOf(beacon), now);
    this.#answer(beacon, from, questionBytes);
  }

  /** A peer tells of others. It is believed for no more than that they may be asked. */
  #learn(bytes: Uint8Array, from: Endpoint, now: Millis): void {
    if (this.#announcing === undefined) return;
    const { beacons, interfaces } = this.#announcing;
    const said = decodeAcquaintances(bytes);
    if (said === undefined) return void this.counts.foreign++;
    if (CableCarError.is(said)) return void this.counts.malformed++;
    if (said.serviceHash !== beacons.serviceHash) return void this.counts.otherService++;
    if (!this.#byAddress.isContact(lifeOf(said), from.host)) return void this.counts.untrusted++;
    this.#byAddress.learn(said.endpoints, from.host, interfaces, now);
  }

  /** Notes where a peer hears datagrams, if there is a link with it. */
  #contact(life: Life, now: Millis): void {
    if (!this.#sightings.isLinked(life)) return;
    const visit = this.#sightings.get(life) ?? this.#visitors.get(life);
    if (visit === undefined) return;
    const { endpoint } = visit;
    this.#byAddress.met(life, { endpoint, isAfar: isToUsAlone(visit) }, now);
  }

  #answer({ road }: Beacon, to: Endpoint, questionBytes: number): void {
    const bytes = this.#announcing?.beacons.answerTo(questionBytes, road);
    if (bytes !== undefined) this.#outputs.push({ kind: 'send', bytes, to });
  }

  #ask(probes: readonly Probe[], now: Millis): void {
    if (this.#announcing === undefined) return;
    const { beacons } = this.#announcing;
    for (const { endpoint, road } of probes) {
      // Whom only a peer has named gets as little as possible, in case the peer means no good.
      const bytes = beacons[road === 'gossip' ? 'short' : 'whole']('probe', road);
      this.#byAddress.asking(endpoint.host, now);
      this.#outputs.push({ kind: 'send', bytes, to: endpoint });
    }
  }

  #broadcast(kind: BeaconKind, casts: readonly Cast[] = EVERY_CAST): void {
    const { beacons } = this.#announcing ?? {};
    if (beacons === undefined) return;
    for (const { road, reach } of casts) {
      const bytes = kind === 'goodbye' ? beacons.short(kind, road) : beacons.whole(kind, road);
      this.#outputs.push({ kind: 'broadcast', bytes, reach });
    }
  }
}
