import type { Millis } from '@cablecar/core-protocol';
import { TokenBucket } from '@cablecar/core-protocol';
import {
  AddressRecords,
  isLinked,
  type AddressRecord,
  type LinkedRecord,
} from './address-records.ts';
import type { Side } from './merge-types.ts';
import type { LinkId, SearchAction, SearchEvent, SearchOutput, SocketId } from './search-types.ts';

const BACKOFF_BASE_MS = 1_000;
const BACKOFF_CAP_MS = 8_000;
/** Dials that may fail: forged datagrams get no more than this out of us. */
const DIALS = { size: 20, perSecond: 10 };

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
  readonly #maxPeers: number;
  readonly #dials = new TokenBucket(DIALS, 0);
  #lastLink: LinkId = 0;
  #outputs: SearchOutput[] = [];

  constructor(maxPeers: number) {
    this.#maxPeers = maxPeers;
  }

  /** What the moves since the last call ask for. */
  takeOutputs(): readonly SearchOutput[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  /** Whether there are as many links as may be. */
  isCrowded(): boolean {
    return this.records.linked.length >= this.#maxPeers;
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
    if (this.isCrowded()) record.state = { kind: 'heard', since: now };
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

  link(record: AddressRecord, { isCrossing, socket, side }: FirstSocket, now: Millis): void {
    const { address } = record;
    const link = ++this.#lastLink;
    const kind = isCrossing ? 'crossing' : 'linked';
    record.failures = 0;
    record.state = { kind, link, since: now, sides: new Set([side]) };
    this.tell({ kind: 'linked', address, link, socket, side, isCrossing });
  }

  join(record: LinkedRecord, socket: SocketId, side: Side): void {
    record.state.sides.add(side);
    this.tell({ kind: 'joined', address: record.address, socket, side });
  }

  /** A link is gone. What was known of the address is worth nothing, unless something follows from it. */
  unlink(record: LinkedRecord, next: 'dialling' | 'parted' | 'unknown'): void {
    const { address, state } = record;
    this.tell({ kind: 'lost', address });
    const unlinked: AddressRecord = record;
    if (state.kind === 'crossing' && next === 'dialling') {
      unlinked.state = { kind: 'dialling' };
      return;
    }
    if (state.kind === 'crossing') this.ask({ kind: 'abandon', address });
    if (next === 'parted') unlinked.state = { kind: 'parted' };
    else this.records.delete(record);
  }

  /** Gives up everybody who has no link. */
  giveUp(): void {
    for (const record of this.records) {
      if (isLinked(record)) continue;
      const { address, state } = record;
      if (state.kind === 'dialling') this.ask({ kind: 'abandon', address });
      this.records.delete(record);
    }
  }
}
