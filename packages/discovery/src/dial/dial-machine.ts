import type { Endpoint, ErrorCode, Machine, Millis, Wake } from '@cablecar/core-protocol';
import { DialMoves, type DialMovesSettings } from './dial-moves.ts';
import {
  dialOf,
  isEngaged,
  isGreeted,
  offersOf,
  preferEndpoint,
  type DialRecord,
} from './dial-record.ts';
import type { DialStateName } from './dial-transitions.ts';
import type { DialInput, DialOutput, OfferId, Offers } from './dial-types.ts';
import { idOf, type Life } from '../life.ts';

/** A link that held this long clears the failures before it. */
const HEALTHY_MS = 10_000;

/** What a peer that says so will say again. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'ERR_SERVICE_MISMATCH',
  'ERR_VERSION_MISMATCH',
  'ERR_SELF',
  'ERR_SECURITY_MODE',
  'ERR_SECRET',
  'ERR_UNTRUSTED',
]);

/** What the rules of dialling are set to. */
export interface DialSettings extends DialMovesSettings {
  /** One-to-one mode: the first link is the only one. */
  readonly once: boolean;
}

/**
 * Who dials, and which of two connections stays.
 *
 * Both ends may dial; the larger id does so at once, the smaller after a head start. Where both dials meet, the larger
 * id decides alone: it defers the other's HELLO while its own is out, so at most one connection can become a link.
 * In one-to-one mode this holds across peers: there is never more than one stranger who could still make a link of our
 * WELCOME, and while our HELLO is out only a larger id gets it, so that no circle of programs waits for one another.
 * @see docs/protocol.md §4
 */
export class DialMachine implements Machine<DialInput, DialOutput> {
  readonly #settings: DialSettings;
  readonly #moves: DialMoves;
  /** One-to-one mode has its one. */
  #full = false;

  constructor(settings: DialSettings) {
    this.#settings = settings;
    this.#moves = new DialMoves(settings);
  }

  handle(input: DialInput | Wake, now: Millis): readonly DialOutput[] {
    this.#step(input, now);
    this.#settle(now);
    return this.#moves.takeOutputs();
  }

  nextDeadline(): Millis | undefined {
    return this.#moves.records.earliestDial();
  }

  /** Where things stand with one life of a peer. */
  stateOf(life: Life): DialStateName {
    return this.#moves.records.get(life)?.state.kind ?? 'unknown';
  }

  #step(input: DialInput | Wake, now: Millis): void {
    if (input.kind === 'wake') return this.#wake(now);
    if (input.kind === 'stop') return this.#stop();
    if (input.kind === 'sighted') return this.#sighted(input.life, input.endpoint, now);
    if (input.kind === 'offered') return this.#offered(input.life, input.offer, input.round);
    const record = this.#moves.records.get(input.life);
    if (record === undefined) return;
    switch (input.kind) {
      case 'gone':
        return this.#gone(record);
      case 'connected':
        return this.#connected(record);
      case 'welcomed':
        return this.#welcomed(record, input.round);
      case 'failed':
        return this.#failed(record, input.code, now);
      case 'confirmed':
        return this.#confirmed(record, input.offer, now);
      case 'withdrawn':
        return this.#withdrawn(record, input.offer, now);
      case 'unlinked':
        return this.#unlinked(record, input, now);
      default:
        return input satisfies never;
    }
  }

  /** Sends what had to wait for something else and may go now: HELLO, READY, then WELCOME. */
  #settle(now: Millis): void {
    const { records } = this.#moves;
    const { once } = this.#settings;
    for (const record of records.astir()) {
      const dial = dialOf(record);
      if (dial?.phase === 'connected' && !(once && records.hasWelcomed())) {
        dial.phase = 'greeted';
        this.#moves.greet(record);
      } else if (dial?.phase === 'welcomed' && !(once && records.hasWelcomed(record))) {
        preferEndpoint(record, dial.endpoint);
        this.#link(record, dial.round, undefined, now);
      }
    }
    for (const record of records.astir()) {
      for (const [offer, terms] of offersOf(record)) {
        if (terms.round === undefined && this.#mayWelcome(record)) {
          this.#moves.welcome(record, offer, terms);
        }
      }
    }
  }

  #mayWelcome(record: DialRecord): boolean {
    const { records } = this.#moves;
    const { id, once } = this.#settings;
    if (once && records.hasWelcomed()) return false;
    if (idOf(record.life) > id) return true;
    return once ? !records.hasGreeted() : !isGreeted(dialOf(record));
  }

  #wake(now: Millis): void {
    for (const record of this.#moves.records.astir()) {
      if (record.state.kind === 'waiting' && record.state.until <= now)
        this.#moves.dial(record, now);
    }
  }

  #stop(): void {
    this.#full = false;
    this.#moves.giveUp();
  }

  #sighted(life: Life, endpoint: Endpoint, now: Millis): void {
    const known = this.#moves.records.get(life);
    if (known === undefined && this.#full) return;
    const record = known ?? this.#moves.records.add(life);
    const isNew = preferEndpoint(record, endpoint);
    if (known !== undefined && !(isNew && known.state.kind === 'waiting')) return;
    // A new address is worth a dial now, whatever came of the others.
    record.failures = 0;
    this.#moves.again(record, now);
  }

  #gone(record: DialRecord): void {
    record.endpoints = [];
    const { kind } = record.state;
    if (kind === 'idle' || kind === 'waiting') this.#moves.records.delete(record);
  }

  #connected(record: DialRecord): void {
    const dial = dialOf(record);
    if (dial?.phase === 'connecting') dial.phase = 'connected';
  }

  #welcomed(record: DialRecord, round: number): void {
    const dial = dialOf(record);
    if (dial?.phase !== 'greeted') return;
    dial.phase = 'welcomed';
    dial.round = round;
    this.#moves.schedule.giveBack(dial.endpoint);
  }

  #failed(record: DialRecord, code: ErrorCode, now: Millis): void {
    const { state } = record;
    const dial = dialOf(record);
    if (dial === undefined) return;
    const isPeer = FINAL.has(code) || code === 'ERR_DUPLICATE_LINK';
    if (isPeer) this.#moves.schedule.giveBack(dial.endpoint);
    record.failures++;
    if (state.kind === 'crossing')
      this.#moves.records.enter(record, { kind: 'answering', offers: state.offers });
    else if (FINAL.has(code)) this.#moves.rest(record);
    else this.#moves.again(record, now);
  }

  #offered(life: Life, offer: OfferId, round: number): void {
    const known = this.#moves.records.get(life);
    if (this.#full) return this.#moves.refuse(offer, 'ERR_REFUSED');
    if (!(known && isEngaged(known)) && this.#moves.isCrowded()) {
      return this.#moves.refuse(offer, 'ERR_LIMIT');
    }
    const record = known ?? this.#moves.records.add(life);
    const { state } = record;
    // A HELLO from before the present link came to be is late; one from after it says that the peer has lost it.
    if (state.kind === 'linked' && round < state.round) {
      return this.#moves.refuse(offer, 'ERR_DUPLICATE_LINK');
    }
    // It dials once at a time, so what it dialled before is nothing to it any more, whatever is still on its way here.
    this.#moves.refuseAll(record, 'ERR_DUPLICATE_LINK');
    const offers: Offers = new Map([[offer, { known: round, round: undefined }]]);
    if ('offers' in state) return this.#moves.records.enter(record, { ...state, offers });
    if (state.kind === 'dialling' && isGreeted(state.dial)) {
      this.#moves.records.enter(record, { kind: 'crossing', dial: state.dial, offers });
      return;
    }
    this.#moves.abandon(record); // nobody can have welcomed it before its HELLO has gone
    this.#moves.records.enter(record, { kind: 'answering', offers });
  }

  #confirmed(record: DialRecord, offer: OfferId, now: Millis): void {
    const round = offersOf(record).get(offer)?.round;
    if (round === undefined) return;
    offersOf(record).delete(offer);
    this.#link(record, round, offer, now);
  }

  #withdrawn(record: DialRecord, offer: OfferId, now: Millis): void {
    const { state } = record;
    if (!offersOf(record).delete(offer) || offersOf(record).size > 0) return;
    if (state.kind === 'crossing')
      this.#moves.records.enter(record, { kind: 'dialling', dial: state.dial });
    if (state.kind !== 'answering') return;
    record.failures++;
    this.#moves.again(record, now);
  }

  #unlinked(
    record: DialRecord,
    { round, parted }: { readonly round: number; readonly parted: boolean },
    now: Millis,
  ): void {
    const { state } = record;
    if (state.kind !== 'linked' || state.round !== round) return;
    record.failures = now - state.since < HEALTHY_MS ? record.failures + 1 : 0;
    if (state.offers.size > 0)
      this.#moves.records.enter(record, { kind: 'answering', offers: state.offers });
    else if (parted) this.#moves.rest(record);
    else this.#moves.again(record, now);
  }

  #link(record: DialRecord, round: number, offer: OfferId | undefined, now: Millis): void {
    this.#moves.link(record, round, offer, now);
    if (!this.#settings.once) return;
    this.#full = true;
    this.#moves.giveUp();
  }
}
