import {
  CableCarError,
  decodeBeacon,
  type Endpoint,
  type Machine,
  type Millis,
  type NetworkInterface,
  type PeerId,
  type Wake,
} from '@cablecar/core-protocol';
import type { Self } from '../self.ts';
import {
  AnnounceSchedule,
  CHANGE_BURST_MS,
  START_BURST_MS,
  type AnnounceSettings,
} from './announce-schedule.ts';
import type { BeaconState } from './beacon-transitions.ts';
import type { BeaconInput, BeaconOutput, DatagramCounts } from './beacon-types.ts';
import { noDatagrams } from './no-datagrams.ts';
import { isOnLink } from './on-link.ts';
import { OwnBeacons } from './own-beacons.ts';
import { Sightings } from './sightings.ts';

const GOODBYES = 3;
/** A peer without a link that was silent for so many intervals is gone. */
const INTERVALS_TO_EXPIRY = 5;
/** Ports below belong to the system: a beacon that names one is up to no good. */
const LOWEST_PORT = 1024;

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
  #announcing: Announcing | undefined;
  #outputs: BeaconOutput[] = [];

  constructor(settings: AnnounceSettings) {
    this.#schedule = new AnnounceSchedule(settings);
  }

  get state(): BeaconState {
    return this.#announcing === undefined ? 'silent' : 'announcing';
  }

  handle(input: BeaconInput | Wake, now: Millis): readonly BeaconOutput[] {
    this.#outputs = [];
    this.#step(input, now);
    return this.#outputs;
  }

  nextDeadline(): Millis | undefined {
    return this.#schedule.due;
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
        return this.#sightings.linked(input.life);
      case 'unlinked':
        return this.#sightings.unlinked(input.life, now);
      case 'stop':
        return this.#stop();
      case 'wake':
        return this.#tick(now);
      default:
        return input satisfies never;
    }
  }

  #start({ self, port, interfaces }: Extract<BeaconInput, { kind: 'start' }>, now: Millis): void {
    const beacons = new OwnBeacons(self, port);
    this.#announcing = { id: self.id, port, beacons, interfaces };
    this.#broadcast(beacons.probe);
    this.#schedule.begin(START_BURST_MS, now);
  }

  #moved(interfaces: readonly NetworkInterface[], now: Millis): void {
    if (this.#announcing === undefined) return;
    this.#announcing.interfaces = interfaces;
    this.#broadcast(this.#announcing.beacons.probe);
    this.#schedule.begin(START_BURST_MS, now);
  }

  #changed(self: Self, now: Millis): void {
    if (this.#announcing === undefined) return;
    this.#announcing.beacons = new OwnBeacons(self, this.#announcing.port);
    this.#broadcast(this.#announcing.beacons.announce);
    this.#schedule.begin(CHANGE_BURST_MS, now);
  }

  #stop(): void {
    if (this.#announcing === undefined) return;
    for (let count = 0; count < GOODBYES; count++) {
      this.#broadcast(this.#announcing.beacons.goodbye);
    }
    this.#announcing = undefined;
    this.#schedule.stop();
    this.#sightings.clear();
  }

  #tick(now: Millis): void {
    const { due } = this.#schedule;
    if (this.#announcing === undefined || due === undefined || now < due) return;
    const { size } = this.#sightings;
    this.#sightings.expire(now - INTERVALS_TO_EXPIRY * this.#schedule.intervalMs(size));
    const bytes = this.#announcing.beacons.announce;
    const reach = this.#schedule.next(size, now);
    this.#outputs.push({ kind: 'broadcast', bytes, reach });
  }

  #hear(bytes: Uint8Array, from: Endpoint, now: Millis): void {
    if (this.#announcing === undefined) return;
    const { id, beacons, interfaces } = this.#announcing;
    const { counts } = this;
    counts.received++;
    const beacon = decodeBeacon(bytes);
    if (beacon === undefined) return void counts.foreign++;
    if (CableCarError.is(beacon)) return void counts.malformed++;
    if (beacon.serviceHash !== beacons.serviceHash) return void counts.otherService++;
    if (beacon.id === id) return void counts.own++;
    const isTrusted = isOnLink(from.host, interfaces) && beacon.port >= LOWEST_PORT;
    if (!isTrusted) return void counts.untrusted++;
    if (beacon.kind === 'goodbye') return this.#sightings.takeLeave(beacon, from);
    const heard = this.#sightings.hear(beacon, from, now);
    if (heard === 'limited') return void counts.limited++;
    if (heard === 'noted') return;
    this.#outputs.push({ kind: 'send', bytes: beacons.answerTo(bytes.length), to: from });
  }

  #broadcast(bytes: Uint8Array): void {
    this.#outputs.push({ kind: 'broadcast', bytes, reach: 'everywhere' });
  }
}
