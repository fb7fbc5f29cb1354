import { TokenBucket, type Millis } from '@cablecar/core-protocol';
import { AddressRecords, type AddressRecord, type LinkedRecord } from './address-records.ts';
import { SETTLE_MS } from './merge-machine.ts';
import type { Side } from './merge-types.ts';
import type { LinkId, SearchAction, SearchEvent, SearchOutput, SocketId } from './search-types.ts';

const BACKOFF_BASE_MS = 1_000;
const BACKOFF_CAP_MS = 8_000;
/** Dials that may fail: forged datagrams get no more than this out of us. */
const DIALS = { size: 20, perSecond: 10 };

/** What the moves depend on. */
export interface MoveSettings {
  /** One-to-one mode: the first link is the only one. */
  readonly once: boolean;
  /** How many links there may be; further peers are not dialled, and are turned away. */
  readonly maxPeers: number;
}

/** A connection that a link begins with. */
export interface FirstSocket {
  readonly socket: SocketId;
  readonly side: Side;
  /** Whether our dial is under way as well. */
  readonly isCrossing: boolean;
}

/** The moves that the rules of the classic search are made of: each changes a record and asks for what follows. */
export class AddressMoves {
  readonly records: AddressRecords = new AddressRecords();
  readonly #settings: MoveSettings;
  readonly #dials = new TokenBucket(DIALS, 0);
  #lastLink: LinkId = 0;
  #outputs: SearchOutput[] = [];

  constructor(settings: MoveSettings) {
    this.#settings = settings;
  }

  /** What the moves since the last call ask for. */
  takeOutputs(): readonly SearchOutput[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  /** Whether there are as many links as may be. */
  isCrowded(): boolean {
    return this.records.linked.length >= this.#settings.maxPeers;
  }

  ask(action: SearchAction): void {
    this.#outputs.push(action);
  }

  tell(event: SearchEvent): void {
    this.#outputs.push({ kind: 'event', event });
  }

  nudge(record: AddressRecord, now: Millis): void {
    record.nudgedAt = now;
    this.ask({ kind: 'nudge', address: record.address });
  }

  /** Dials, unless there are enough links, or too many dials came to nothing lately. */
  dial(record: AddressRecord, now: Millis): void {
    const waitMs = this.#dials.waitMs(now);
    if (this.isCrowded() || this.#isBusy()) record.state = { kind: 'heard', since: now };
    else if (waitMs > 0) record.state = { kind: 'due', until: now + waitMs };
    else {
      this.#dials.take(now);
      record.state = { kind: 'dialling' };
      this.ask({ kind: 'dial', address: record.address });
    }
  }

  /** Our dial came to nothing: the pauses grow. */
  rest(record: AddressRecord, now: Millis): void {
    const waitMs = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** record.failures++);
    record.state = { kind: 'resting', until: now + waitMs };
  }

  /** Our dial reached somebody: it is as if it had cost nothing. */
  reached(): void {
    this.#dials.giveBack();
  }

  /** A connection is to be a link, for others to see at once. */
  link(record: AddressRecord, first: FirstSocket, now: Millis): void {
    const made = this.#make(record, first);
    const kind = first.isCrossing ? 'crossing' : 'linked';
    record.state = { kind, link: made, since: now, sides: new Set([first.side]) };
    this.tell({ kind: 'linked', address: record.address });
  }

  /** Our dial is connected. Whoever has no use for us closes it at once: then it never was a link. */
  settle(record: AddressRecord, socket: SocketId, now: Millis): void {
    const link = this.#make(record, { socket, side: 'ours', isCrossing: false });
    const until = now + SETTLE_MS;
    record.state = { kind: 'settling', until, link, since: now, sides: new Set(['ours']) };
  }

  /** A link has settled, or our dial beside it has. */
  confirm(record: LinkedRecord): void {
    const { kind, link, since, sides } = record.state;
    record.state = { kind: 'linked', link, since, sides };
    record.failures = 0;
    if (kind === 'settling') this.tell({ kind: 'linked', address: record.address });
  }

  join(record: LinkedRecord, socket: SocketId, side: Side): void {
    record.state.sides.add(side);
    this.tell({ kind: 'joined', address: record.address, socket, side });
  }

  /** A link is gone. What was known of the address is worth nothing, unless something follows from it. */
  unlink(record: LinkedRecord, next: 'again' | 'parted' | 'unknown', now: Millis): void {
    const { address, state } = record;
    const unlinked: AddressRecord = record;
    this.tell({ kind: 'lost', address });
    if (next === 'again' && state.kind === 'settling') return this.rest(unlinked, now);
    if (next === 'again' && state.kind === 'crossing') {
      unlinked.state = { kind: 'dialling' };
      return;
    }
    if (state.kind === 'crossing') this.ask({ kind: 'abandon', address });
    if (next === 'parted') unlinked.state = { kind: 'parted' };
    else this.records.delete(record);
  }

  /** Gives up everybody who has no link that is seen. */
  giveUp(): void {
    for (const record of this.records) {
      const { address, state } = record;
      if (state.kind === 'linked' || state.kind === 'crossing') continue;
      if (state.kind === 'dialling') this.ask({ kind: 'abandon', address });
      if (state.kind === 'settling') this.tell({ kind: 'lost', address });
      this.records.delete(record);
    }
  }

  /** One to one: whether a dial is under way that may make all others unwanted. */
  #isBusy(): boolean {
    const isUnderWay = ({ state: { kind } }: AddressRecord): boolean =>
      kind === 'dialling' || kind === 'settling';
    return this.#settings.once && [...this.records].some(isUnderWay);
  }

  #make(record: AddressRecord, first: FirstSocket): LinkId {
    const link = ++this.#lastLink;
    if (first.side === 'theirs') record.failures = 0;
    this.tell({ kind: 'made', address: record.address, link, ...first });
    return link;
  }
}
