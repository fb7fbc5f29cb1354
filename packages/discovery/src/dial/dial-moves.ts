import type { Millis, RejectionCode } from '@cablecar/core-protocol';
import { dialOf, NO_OFFERS, offersOf, type DialRecord } from './dial-record.ts';
import { DialRecords } from './dial-records.ts';
import { DialSchedule, type DialScheduleSettings } from './dial-schedule.ts';
import type { DialOutput, Offer, OfferId } from './dial-types.ts';

/** How long a peer waits to be dialled while there are as many links as may be. */
const CROWDED_WAIT_MS = 5000;

/** What the moves depend on. */
export interface DialMovesSettings extends DialScheduleSettings {
  /** How many peers there may be links with; further ones are not dialled, and are turned away. */
  readonly maxPeers: number;
}

/** The moves that the rules of dialling are made of: each changes a record and asks for what follows from it. */
export class DialMoves {
  readonly records: DialRecords = new DialRecords();
  readonly schedule: DialSchedule;
  readonly #maxPeers: number;
  #outputs: DialOutput[] = [];

  constructor(settings: DialMovesSettings) {
    this.#maxPeers = settings.maxPeers;
    this.schedule = new DialSchedule(settings);
  }

  /** What the moves since the last call ask for. */
  takeOutputs(): readonly DialOutput[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  /** Whether there are as many links as may be, those that are under way included. */
  isCrowded(): boolean {
    return this.records.engaged >= this.#maxPeers;
  }

  /** Dials, now or after the wait that is due. */
  again(record: DialRecord, now: Millis): void {
    const waitMs = this.schedule.waitMs(record);
    if (record.endpoints.length === 0) this.records.delete(record);
    else if (waitMs > 0) this.records.enter(record, { kind: 'waiting', until: now + waitMs });
    else this.dial(record, now);
  }

  /** Dials, unless too many dials came to nothing lately. */
  dial(record: DialRecord, now: Millis): void {
    const endpoint = this.schedule.nextEndpoint(record);
    if (endpoint === undefined) return;
    const waitMs = this.isCrowded() ? CROWDED_WAIT_MS : this.schedule.spend(endpoint, now);
    if (waitMs > 0) {
      this.records.enter(record, { kind: 'waiting', until: now + waitMs });
      return;
    }
    this.records.enter(record, {
      kind: 'dialling',
      dial: { endpoint, phase: 'connecting', round: 0 },
    });
    this.#outputs.push({ kind: 'dial', life: record.life, endpoint });
  }

  /** Does no more about this peer unless the peer does. */
  rest(record: DialRecord): void {
    if (record.endpoints.length === 0) this.records.delete(record);
    else this.records.enter(record, { kind: 'idle' });
  }

  greet({ life, round }: DialRecord): void {
    this.#outputs.push({ kind: 'greet', life, round });
  }

  /** Begins a round of which neither end knows yet. */
  welcome(record: DialRecord, offer: OfferId, terms: Offer): void {
    record.round = terms.round = Math.max(record.round, terms.known) + 1;
    this.#outputs.push({ kind: 'welcome', offer, round: record.round });
  }

  /** Drops our dial, if there is one; the caller sets the state that follows. */
  abandon(record: DialRecord): void {
    const dial = dialOf(record);
    if (dial === undefined) return;
    this.schedule.giveBack(dial.endpoint);
    this.#outputs.push({ kind: 'abandon', life: record.life });
  }

  refuse(offer: OfferId, code: RejectionCode): void {
    this.#outputs.push({ kind: 'refuse', offer, code });
  }

  refuseAll(record: DialRecord, code: RejectionCode): void {
    for (const offer of offersOf(record).keys()) this.refuse(offer, code);
    offersOf(record).clear();
  }

  /**
   * Makes a link of our dial, or of an offer. Every other connection with this peer goes, and so do its other lives.
   */
  link(record: DialRecord, round: number, offer: OfferId | undefined, now: Millis): void {
    const { life } = record;
    if (offer === undefined) this.#outputs.push({ kind: 'confirm', life, round });
    else this.abandon(record);
    this.refuseAll(record, 'ERR_DUPLICATE_LINK');
    for (const other of this.records.otherLives(record)) this.forget(other);
    record.round = Math.max(record.round, round);
    this.records.enter(record, { kind: 'linked', round, since: now, offers: NO_OFFERS });
    this.#outputs.push({ kind: 'event', event: { kind: 'linked', life, round, offer } });
  }

  forget(record: DialRecord): void {
    this.abandon(record);
    this.refuseAll(record, 'ERR_REFUSED');
    this.records.delete(record);
  }

  /** Gives up everything but the links. */
  giveUp(): void {
    for (const record of this.records) {
      if (record.state.kind !== 'linked') {
        this.forget(record);
      } else {
        this.refuseAll(record, 'ERR_REFUSED');
        record.endpoints = [];
      }
    }
  }
}
