import type {
  AckFrame,
  CableCarError,
  Machine,
  Millis,
  OpenFrame,
  Wake,
} from '@cablecar/core-protocol';
import { isInTurn, readControl } from './control-reader.ts';
import { Exchange } from './exchange.ts';
import { Liveness } from './liveness.ts';
import type { RoundTripStats } from './round-trip.ts';
import * as fault from './session-faults.ts';
import { END_TIMEOUT_MS, type Parting, type SessionState } from './session-state.ts';
import type { SessionEnd, SessionInput, SessionOutput, SessionSettings } from './session-types.ts';

/**
 * The rules of a session on the native wire: OPEN first, heartbeats, acknowledgement, credit, suspension and resume,
 * goodbye. Messages themselves do not pass through here, only their numbers.
 * @see docs/protocol.md §6
 */
export class SessionMachine implements Machine<SessionInput, SessionOutput> {
  readonly #settings: SessionSettings;
  readonly #exchange: Exchange;
  readonly #liveness: Liveness;
  #state: SessionState = { name: 'idle' };
  #parting: Parting | undefined;
  /** When a session without a connection is given up; Infinity while there is one. */
  #givenUpAt: Millis = Infinity;

  constructor(settings: SessionSettings) {
    this.#settings = settings;
    this.#exchange = new Exchange(settings);
    this.#liveness = new Liveness(settings);
  }

  /** The state's name, for tests and traces. */
  get state(): SessionState['name'] {
    return this.#state.name;
  }

  get roundTrip(): RoundTripStats {
    return this.#exchange.roundTrip;
  }

  nextDeadline(): Millis | undefined {
    const { suspectAt, silentAt, pingAt } = this.#liveness;
    const partingAt = this.#parting?.deadline ?? Infinity;
    switch (this.#state.name) {
      case 'idle':
      case 'closed':
        return undefined;
      case 'ending':
        return this.#state.deadline;
      case 'suspended':
        return Math.min(this.#givenUpAt, partingAt);
      case 'opening':
        return Math.min(silentAt, this.#givenUpAt, partingAt);
      case 'open':
        return Math.min(suspectAt, silentAt, pingAt, this.#exchange.creditAt, partingAt);
    }
  }

  handle(input: SessionInput | Wake, now: Millis): readonly SessionOutput[] {
    const { name } = this.#state;
    if (name === 'closed') return [];
    switch (input.kind) {
      case 'start':
        return name === 'idle' ? this.#reopen(now) : [];
      case 'control':
        return this.#control(input, now);
      case 'received':
        return this.#received(input, now);
      case 'taken':
        this.#exchange.taken(input.messages, input.bytes);
        return name === 'open' ? this.#exchange.acknowledge(now) : [];
      case 'flush':
        return name === 'open' ? [this.#ping(now)] : [];
      case 'sighted':
        return this.#liveness.sighted(now);
      case 'close':
        return this.#close(input, now);
      case 'delivered':
        return this.#delivered(now);
      case 'destroy':
        return this.#finish(fault.end('closed', 'destroyed by this program'));
      case 'fault':
        return this.#fault(input.error, now);
      case 'ended':
        return this.#broken(fault.endedWithoutGoodbye(), now);
      case 'down':
        return name === 'ending' ? this.#finish(undefined) : this.#suspend(now);
      case 'up':
        // The end of the connection before may not have been noticed.
        return name === 'idle' || name === 'ending'
          ? []
          : [...this.#suspend(now), ...this.#reopen(now)];
      case 'lost':
        return this.#finish(fault.lost(input.error ?? fault.closedWithoutGoodbye()));
      case 'wake':
        return this.#wake(now, input.hasSlept);
    }
  }

  #reopen(now: Millis): SessionOutput[] {
    this.#state = { name: 'opening' };
    this.#liveness.heard(now);
    return [this.#exchange.open()];
  }

  #control(input: SessionInput & { kind: 'control' }, now: Millis): readonly SessionOutput[] {
    const { name } = this.#state;
    if (name === 'idle' || name === 'suspended') return [];
    const control = readControl(input);
    // Who has said goodbye still reads what was on its way, and for that has to know the peer's types.
    if (name === 'ending')
      return control.kind === 'open' ? this.#exchange.introduced(control.open) : [];
    if (!isInTurn(control, name)) return this.#fault(fault.outOfOrder(input.type), now);
    switch (control.kind) {
      case 'open':
        return this.#opened(control.open, now);
      case 'ping':
        return this.#exchange.pong(control.token);
      case 'pong':
        this.#exchange.ponged(control.token, now);
        return [];
      case 'ack':
        return this.#told(control.ack, now);
      case 'close':
        this.#endSoon(now, undefined);
        return [{ kind: 'end' }, fault.told(fault.closedByPeer(control.close))];
      case 'unknown':
      case 'malformed':
        return [];
    }
  }

  #opened(open: OpenFrame, now: Millis): readonly SessionOutput[] {
    this.#state = { name: 'open' };
    this.#givenUpAt = Infinity;
    const news = [...this.#exchange.introduced(open), ...this.#liveness.recover()];
    const outputs = [...news, this.#ping(now), ...this.#told(open, now)];
    return this.#parting?.isDelivered ? [...outputs, ...this.#delivered(now)] : outputs;
  }

  #told(ack: AckFrame, now: Millis): readonly SessionOutput[] {
    if (ack.received < this.#exchange.acknowledged) {
      return this.#fault(fault.acknowledgedLess(ack.received), now);
    }
    return this.#exchange.told(ack);
  }

  #received(input: SessionInput & { kind: 'received' }, now: Millis): readonly SessionOutput[] {
    const { name } = this.#state;
    if (name !== 'open' && name !== 'opening') return [];
    this.#liveness.heard(now);
    const back = name === 'open' ? this.#liveness.recover() : [];
    if (input.messages === 0) return back;
    if (name === 'opening') return this.#fault(fault.messageBeforeOpen(), now);
    if (!this.#exchange.received(input)) return this.#fault(fault.beyondCredit(), now);
    return [...back, ...this.#exchange.acknowledge(now)];
  }

  #ping(now: Millis): SessionOutput {
    this.#liveness.pinged(now);
    return this.#exchange.ping(now);
  }

  /** The connection is of no use any more: another one, or the end. */
  #broken(error: CableCarError, now: Millis): readonly SessionOutput[] {
    const { name } = this.#state;
    if (name === 'ending') return this.#finish(undefined);
    if (name === 'idle' || name === 'suspended') return [];
    if (!this.#settings.resumable) return this.#finish(fault.lost(error));
    return [...this.#suspend(now), { kind: 'reconnect' }];
  }

  #suspend(now: Millis): readonly SessionOutput[] {
    const { name } = this.#state;
    if (name === 'idle' || name === 'suspended') return [];
    this.#state = { name: 'suspended' };
    if (this.#givenUpAt === Infinity) this.#givenUpAt = now + this.#settings.resumeWindowMs;
    return [{ kind: 'suspend' }, ...this.#liveness.suspect()];
  }

  #close(input: SessionInput & { kind: 'close' }, now: Millis): readonly SessionOutput[] {
    const { name } = this.#state;
    const { isDelivered, flushTimeoutMs, reason } = input;
    if (name === 'ending' || this.#parting) return [];
    if (name === 'idle') return this.#finish(fault.end('closed', reason));
    if (isDelivered && name !== 'suspended') return this.#goodbye(reason, now);
    this.#parting = { isDelivered, reason, deadline: now + flushTimeoutMs };
    return [];
  }

  #delivered(now: Millis): readonly SessionOutput[] {
    if (!this.#parting || this.#state.name === 'ending') return [];
    this.#parting.isDelivered = true;
    return this.#state.name === 'suspended' ? [] : this.#goodbye(this.#parting.reason, now);
  }

  #goodbye(reason: string, now: Millis): SessionOutput[] {
    const isOpen = this.#state.name === 'open';
    this.#endSoon(now, fault.end('closed', reason));
    return this.#exchange.close({ code: 0, reason }, isOpen);
  }

  #fault(error: CableCarError, now: Millis): readonly SessionOutput[] {
    const { name } = this.#state;
    if (name === 'ending') return [];
    const end = fault.end('fault', error.message, error);
    if (name === 'idle' || name === 'suspended') return this.#finish(end);
    this.#endSoon(now, undefined);
    return [...this.#exchange.close({ code: 1, reason: error.message }, false), fault.told(end)];
  }

  #endSoon(now: Millis, news: SessionEnd | undefined): void {
    this.#state = { name: 'ending', deadline: now + END_TIMEOUT_MS, news };
  }

  #finish(end: SessionEnd | undefined): readonly SessionOutput[] {
    // What an ending session had to tell is told already, or was decided then.
    const news = this.#state.name === 'ending' ? this.#state.news : end;
    this.#state = { name: 'closed' };
    return news ? [{ kind: 'destroy' }, fault.told(news)] : [{ kind: 'destroy' }];
  }

  #wake(now: Millis, hasSlept = false): readonly SessionOutput[] {
    if (hasSlept) this.#liveness.awoke(now);
    const state = this.#state;
    if (state.name === 'idle') return [];
    if (state.name === 'ending') return now >= state.deadline ? this.#finish(undefined) : [];
    if (this.#parting && now >= this.#parting.deadline) {
      const { reason } = this.#parting;
      if (state.name === 'suspended') return this.#finish(fault.end('closed', reason));
      return this.#goodbye(reason, now);
    }
    if (now >= this.#givenUpAt) {
      return this.#finish(fault.lost(fault.notResumed(this.#settings.resumeWindowMs)));
    }
    if (state.name === 'suspended') return [];
    const { silentAt, suspectAt, pingAt } = this.#liveness;
    if (now >= silentAt) return this.#broken(this.#liveness.silence(now), now);
    if (state.name === 'opening') return [];
    const outputs = now >= suspectAt ? [...this.#liveness.suspect()] : [];
    if (now >= this.#exchange.creditAt) outputs.push(...this.#exchange.tellNews());
    if (now >= pingAt) outputs.push(this.#ping(now));
    return outputs;
  }
}
