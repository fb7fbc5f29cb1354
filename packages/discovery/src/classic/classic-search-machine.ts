import {
  TokenBucket,
  type Machine,
  type Millis,
  type NetworkInterface,
  type Wake,
} from '@cablecar/core-protocol';
import type { DatagramCounts } from '../beacon/beacon-types.ts';
import { noDatagrams } from '../beacon/no-datagrams.ts';
import { AddressMoves, type FirstSocket, type MoveSettings } from './address-moves.ts';
import { isLinked, type AddressRecord, type LinkedRecord } from './address-records.ts';
import { SETTLE_MS } from './merge-machine.ts';
import { standingOf } from './neighbourhood.ts';
import type { AddressStateName } from './search-transitions.ts';
import type { Address, SearchInput, SearchOutput, SocketId } from './search-types.ts';

/** A nudge is not repeated sooner, so that two programs do not answer one another for ever. */
const NUDGE_EVERY_MS = 1_000;
/**
 * How long an address that announces itself is left to dial: the one with the larger address waits less, so that only
 * one of two programs like this dials.
 */
const LARGER_WAITS_MS = 500;
const SMALLER_WAITS_MS = 1_500;
/** How long after a link began its second connection may come. The Python library's dial takes 2 s at most. */
const CROSSING_MS = 5_000;
/** New addresses that are looked at: forged datagrams get no more than this out of us. */
const NEWCOMERS = { size: 64, perSecond: 32 };

/** What the rules are set to. */
export interface SearchSettings extends MoveSettings {
  readonly announceIntervalMs: Millis;
}

/**
 * Who dials whom where there is no handshake and a peer is its address.
 *
 * A program on Python's cable_car dials whoever sends it a datagram, once in its life. So it is nudged and left to dial:
 * then there is one connection. Only where it goes on announcing itself without having dialled, because its table still
 * has us from before or because it cannot reach us, we dial.
 * @see docs/protocol.md §9.1
 */
export class ClassicSearchMachine implements Machine<SearchInput, SearchOutput> {
  /** What came so far. */
  readonly counts: DatagramCounts = noDatagrams();
  readonly #settings: SearchSettings;
  readonly #moves: AddressMoves;
  readonly #newcomers = new TokenBucket(NEWCOMERS, 0);
  #phase: 'silent' | 'searching' | 'stopping' = 'silent';
  #interfaces: readonly NetworkInterface[] = [];
  /** When the next announcement is due or, while it stops, when nobody can come any more. */
  #dueAt: Millis = Infinity;
  /** One-to-one mode has its one. */
  #isFull = false;

  constructor(settings: SearchSettings) {
    this.#settings = settings;
    this.#moves = new AddressMoves(settings);
  }

  handle(input: SearchInput | Wake, now: Millis): readonly SearchOutput[] {
    this.#step(input, now);
    if (this.#phase === 'stopping') this.#linger(now);
    return this.#moves.takeOutputs();
  }

  nextDeadline(): Millis | undefined {
    let earliest = this.#dueAt;
    for (const { state } of this.#moves.records) {
      if ('until' in state && state.kind !== 'resting') earliest = Math.min(earliest, state.until);
    }
    return earliest === Infinity ? undefined : earliest;
  }

  /** Where things stand with an address. */
  stateOf(address: Address): AddressStateName {
    return this.#moves.records.get(address)?.state.kind ?? 'unknown';
  }

  #step(input: SearchInput | Wake, now: Millis): void {
    switch (input.kind) {
      case 'start':
        return this.#start(input.interfaces, now);
      case 'interfaces':
        this.#interfaces = input.interfaces;
        return this.#phase === 'searching' ? this.#announce(now) : undefined;
      case 'datagram':
        return this.#phase === 'searching' ? this.#heard(input.address, now) : undefined;
      case 'accepted':
        return this.#accepted(input.address, input.socket, now);
      case 'dialled':
        return this.#dialled(input.address, input.socket, now);
      case 'failed':
        return this.#failed(input.address, now);
      case 'unlinked':
        return this.#unlinked(input, now);
      case 'stop':
        return this.#stop();
      case 'wake':
        return this.#wake(now);
      default:
        return input satisfies never;
    }
  }

  #start(interfaces: readonly NetworkInterface[], now: Millis): void {
    this.#phase = 'searching';
    this.#interfaces = interfaces;
    this.#isFull = false;
    this.#announce(now);
  }

  #stop(): void {
    this.#phase = 'stopping';
    this.#moves.giveUp();
  }

  #wake(now: Millis): void {
    const { records } = this.#moves;
    if (this.#phase === 'searching' && now >= this.#dueAt) {
      this.#announce(now);
      records.expire(now);
    }
    for (const record of records) {
      const { state } = record;
      if (state.kind === 'due' && now >= state.until) this.#moves.dial(record, now);
      if (state.kind === 'settling' && now >= state.until) this.#confirm(record as LinkedRecord);
    }
  }

  #announce(now: Millis): void {
    this.#dueAt = now + this.#settings.announceIntervalMs;
    this.#moves.ask({ kind: 'announce' });
  }

  #heard(address: Address, now: Millis): void {
    const { counts } = this;
    counts.received++;
    const standing = standingOf(address, this.#interfaces);
    if (standing === 'own') return void counts.own++;
    if (standing === 'foreign') return void counts.untrusted++;
    const record = this.#moves.records.get(address) ?? this.#meet(address, now);
    if (record === undefined) return void counts.limited++;
    record.heardAt = now;
    if (record.state.kind === 'resting' && now >= record.state.until) {
      record.state = { kind: 'heard', since: now };
    }
    if (record.state.kind !== 'heard') return;
    if (now - record.nudgedAt >= NUDGE_EVERY_MS) this.#moves.nudge(record, now);
    // It is alive, has had our datagram and the time to dial, and did not. Its dial may still be on the way.
    const waitedMs = now - record.state.since;
    if (waitedMs < (standing === 'smaller' ? LARGER_WAITS_MS : SMALLER_WAITS_MS)) return;
    record.state = { kind: 'due', until: now + SETTLE_MS };
  }

  #meet(address: Address, now: Millis): AddressRecord | undefined {
    if (this.#isFull || !this.#newcomers.take(now)) return undefined;
    const record = this.#moves.records.add(address, now);
    this.#moves.nudge(record, now);
    this.#moves.tell({ kind: 'sighted', address });
    return record;
  }

  #accepted(address: Address, socket: SocketId, now: Millis): void {
    const { records } = this.#moves;
    const known = records.get(address);
    if (known !== undefined && isLinked(known)) return this.#again(known, socket, now);
    const isCrowded = this.#moves.isCrowded();
    if (!this.#isOpen() || isCrowded) return this.#moves.ask({ kind: 'refuse', socket, isCrowded });
    const record = known ?? records.add(address, now);
    const isCrossing = record.state.kind === 'dialling';
    this.#link(record, { socket, side: 'theirs', isCrossing }, now);
  }

  /** The peer of a link dials: for the first time, or its program has begun again, for it dials an address once. */
  #again(record: LinkedRecord, socket: SocketId, now: Millis): void {
    const { sides, since, kind } = record.state;
    const isSecond = !sides.has('theirs') && now - since <= CROSSING_MS;
    if (isSecond) this.#moves.join(record, socket, 'theirs');
    if (isSecond && kind === 'settling') this.#confirm(record);
    if (isSecond) return;
    if (!this.#isOpen()) return this.#moves.ask({ kind: 'refuse', socket, isCrowded: false });
    this.#moves.tell({ kind: 'lost', address: record.address });
    this.#link(record, { socket, side: 'theirs', isCrossing: kind === 'crossing' }, now);
  }

  #dialled(address: Address, socket: SocketId, now: Millis): void {
    const record = this.#moves.records.get(address);
    this.#moves.reached();
    if (record?.state.kind === 'dialling') this.#moves.settle(record, socket, now);
    else if (record?.state.kind === 'crossing') {
      this.#moves.join(record as LinkedRecord, socket, 'ours');
      this.#moves.confirm(record as LinkedRecord);
    } else this.#moves.ask({ kind: 'refuse', socket, isCrowded: false });
  }

  #failed(address: Address, now: Millis): void {
    const record = this.#moves.records.get(address);
    if (record?.state.kind === 'crossing') this.#moves.confirm(record as LinkedRecord);
    else if (record?.state.kind === 'dialling') this.#moves.rest(record, now);
  }

  #unlinked(
    { address, link, parted }: Extract<SearchInput, { kind: 'unlinked' }>,
    now: Millis,
  ): void {
    const record = this.#moves.records.get(address);
    if (record === undefined || !isLinked(record) || record.state.link !== link) return;
    const next = parted ? 'parted' : 'again';
    this.#moves.unlink(record, this.#phase === 'searching' ? next : 'unknown', now);
  }

  #link(record: AddressRecord, first: FirstSocket, now: Millis): void {
    this.#moves.link(record, first, now);
    this.#fill();
  }

  #confirm(record: LinkedRecord): void {
    this.#moves.confirm(record);
    this.#fill();
  }

  /** One to one: there is a link now, and nobody else is wanted. */
  #fill(): void {
    if (!this.#settings.once) return;
    this.#isFull = true;
    this.#moves.giveUp();
  }

  /** Whether new peers are wanted. */
  #isOpen(): boolean {
    return this.#phase === 'searching' && !this.#isFull;
  }

  /**
   * While it stops: waits as long as a peer may still dial of whose link we have only our own connection. To turn its
   * dial away would be to close the one connection that its program may use.
   */
  #linger(now: Millis): void {
    const ends = this.#moves.records.linked
      .filter(({ state }) => state.kind === 'crossing' || !state.sides.has('theirs'))
      .map(({ state }) => state.since + CROSSING_MS);
    this.#dueAt = Math.min(Infinity, ...ends.filter((end) => end > now));
    if (this.#dueAt < Infinity) return;
    this.#phase = 'silent';
    this.#moves.ask({ kind: 'deafen' });
  }
}
