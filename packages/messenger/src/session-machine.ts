import {
  CableCarError,
  FRAME,
  readAck,
  readClose,
  readEcho,
  readOpen,
  type EventOutput,
  type Machine,
  type Millis,
  type Wake,
} from '@cablecar/core-protocol';
import { ControlWriter } from './control-writer.ts';
import { Credit } from './credit.ts';
import { Liveness } from './liveness.ts';
import { RoundTrip, type RoundTripStats } from './round-trip.ts';
import * as fault from './session-faults.ts';
import type {
  SessionAction,
  SessionEnd,
  SessionEvent,
  SessionInput,
  SessionSettings,
} from './session-types.ts';

type Output = SessionAction | EventOutput<SessionEvent>;

/** How long news of receipt may wait for company. */
const ACK_DELAY_MS = 25;
/** How long the other end may take to finish after a goodbye. */
const END_TIMEOUT_MS = 1_000;

type State =
  | { readonly name: 'idle' }
  /** Our OPEN is sent; theirs has not come, so nothing else may be sent. */
  | { readonly name: 'opening' }
  | { readonly name: 'open' }
  /** There is no connection; the link looks for another one. */
  | { readonly name: 'suspended' }
  /** The last frame is sent; the other end has to finish. `news` is what the user will be told then. */
  | { readonly name: 'ending'; readonly deadline: Millis; readonly news: SessionEnd | undefined }
  | { readonly name: 'closed' };

/** A user who waits for the acknowledgement of the first `sent` messages, to say goodbye then or at `deadline`. */
interface Parting {
  readonly sent: number;
  readonly deadline: Millis;
  readonly reason: string;
}

/**
 * The rules of a session on the native wire: OPEN first, heartbeats, acknowledgement, credit, suspension and resume,
 * goodbye. Messages themselves do not pass through here, only their numbers.
 * @see docs/protocol.md §6
 */
export class SessionMachine implements Machine<SessionInput, Output> {
  readonly #settings: SessionSettings;
  readonly #credit: Credit;
  readonly #liveness: Liveness;
  readonly #roundTrip = new RoundTrip();
  readonly #write = new ControlWriter();
  #state: State = { name: 'idle' };
  #parting: Parting | undefined;
  /** Whether the peer's first OPEN has come. */
  #introduced = false;
  #acknowledged = 0;
  #ackAt: Millis = Infinity;
  /** When a session without a connection is given up; Infinity while there is one. */
  #givenUpAt: Millis = Infinity;

  constructor(settings: SessionSettings) {
    this.#settings = settings;
    this.#credit = new Credit(settings.windowMessages, settings.windowBytes);
    this.#liveness = new Liveness(settings);
  }

  /** The state's name, for tests and traces. */
  get state(): State['name'] {
    return this.#state.name;
  }

  get roundTrip(): RoundTripStats {
    return this.#roundTrip.stats;
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
        return Math.min(suspectAt, silentAt, pingAt, this.#ackAt, partingAt);
    }
  }

  handle(input: SessionInput | Wake, now: Millis): readonly Output[] {
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
        this.#credit.take(input.messages, input.bytes);
        return this.#acknowledgeSoon(now);
      case 'flush':
        return name === 'open' ? [this.#ping(now)] : [];
      case 'close':
        return this.#close(input, now);
      case 'destroy':
        return this.#finish(fault.end('closed', 'destroyed by this program'));
      case 'fault':
        return this.#fault(input.error, now);
      case 'ended':
        return this.#broken(fault.endedWithoutGoodbye(), now);
      case 'down':
        return name === 'ending' ? this.#finish(undefined) : this.#suspend(now);
      case 'up':
        return name === 'idle' || name === 'ending' ? [] : this.#replaced(now);
      case 'lost':
        return this.#finish(fault.lost(input.error ?? fault.closedWithoutGoodbye()));
      case 'wake':
        return this.#wake(now);
    }
  }

  #reopen(now: Millis): Output[] {
    this.#state = { name: 'opening' };
    this.#liveness.heard(now);
    this.#ackAt = Infinity;
    const { maxFrameBytes, catalog } = this.#settings;
    return [this.#write.open({ ...this.#credit.tell(), maxFrameBytes, catalog })];
  }

  #control(input: SessionInput & { kind: 'control' }, now: Millis): readonly Output[] {
    const { type, bytes, start, end } = input;
    const { name } = this.#state;
    if (name !== 'open' && name !== 'opening') return [];
    if ((type === FRAME.OPEN) !== (name === 'opening')) {
      return this.#fault(fault.outOfOrder(type), now);
    }
    switch (type) {
      case FRAME.OPEN:
        return this.#opened(readOpen(bytes, start, end), now);
      case FRAME.PING:
        return this.#pinged(readEcho(bytes, start, end), now);
      case FRAME.PONG: {
        const token = readEcho(bytes, start, end);
        if (token === undefined) return this.#fault(fault.malformed('PONG'), now);
        this.#roundTrip.pong(token, now);
        return [];
      }
      case FRAME.ACK:
        return this.#ack(readAck(bytes, start, end), now);
      case FRAME.CLOSE:
        return this.#closedByPeer(readClose(bytes, start, end), now);
      default:
        // Types that nobody knows yet are a later version's.
        return type > FRAME.CLOSE ? [] : this.#fault(fault.outOfOrder(type), now);
    }
  }

  #opened(open: ReturnType<typeof readOpen>, now: Millis): readonly Output[] {
    if (open === undefined || open.received < this.#acknowledged) {
      return this.#fault(fault.malformed('OPEN'), now);
    }
    this.#state = { name: 'open' };
    this.#givenUpAt = Infinity;
    const introduction: Output[] = this.#introduced ? [] : [{ kind: 'opened', open }];
    this.#introduced = true;
    return [...introduction, ...this.#recovered(), this.#ping(now), ...this.#told(open, now)];
  }

  #pinged(token: number | undefined, now: Millis): readonly Output[] {
    if (token === undefined) return this.#fault(fault.malformed('PING'), now);
    const pong = this.#write.echo(FRAME.PONG, token);
    // The peer may be waiting to hear what has arrived.
    return this.#credit.stale ? [this.#tell(), pong] : [pong];
  }

  #ack(ack: ReturnType<typeof readAck>, now: Millis): readonly Output[] {
    if (ack === undefined || ack.received < this.#acknowledged) {
      return this.#fault(fault.malformed('ACK'), now);
    }
    return this.#told(ack, now);
  }

  /** The peer said what it has received and how much more it takes. */
  #told(ack: NonNullable<ReturnType<typeof readAck>>, now: Millis): Output[] {
    this.#acknowledged = ack.received;
    const outputs: Output[] = [
      { kind: 'acknowledged', messages: ack.received },
      { kind: 'grant', messages: ack.grantedMessages, bytes: ack.grantedBytes },
    ];
    if (this.#parting && ack.received >= this.#parting.sent) {
      outputs.push(...this.#goodbye(this.#parting.reason, now));
    }
    return outputs;
  }

  #closedByPeer(close: ReturnType<typeof readClose>, now: Millis): readonly Output[] {
    if (close === undefined) return this.#fault(fault.malformed('CLOSE'), now);
    this.#state = { name: 'ending', deadline: now + END_TIMEOUT_MS, news: undefined };
    return [{ kind: 'end' }, event(fault.closedByPeer(close))];
  }

  #received(input: SessionInput & { kind: 'received' }, now: Millis): readonly Output[] {
    const { name } = this.#state;
    if (name !== 'open' && name !== 'opening') return [];
    this.#liveness.heard(now);
    const back = name === 'open' ? this.#recovered() : [];
    if (input.messages === 0) return back;
    if (name === 'opening') return this.#fault(fault.messageBeforeOpen(), now);
    if (!this.#credit.receive(input.messages, input.bytes)) {
      return [...back, ...this.#fault(fault.beyondCredit(), now)];
    }
    this.#credit.take(input.taken, input.takenBytes);
    const soon = this.#acknowledgeSoon(now);
    return back.length > 0 ? [...back, ...soon] : soon;
  }

  #acknowledgeSoon(now: Millis): readonly Output[] {
    if (this.#state.name !== 'open') return [];
    if (this.#credit.due) return [this.#tell()];
    if (this.#ackAt === Infinity && this.#credit.stale) this.#ackAt = now + ACK_DELAY_MS;
    return [];
  }

  #tell(): Output {
    this.#ackAt = Infinity;
    return this.#write.ack(this.#credit.tell());
  }

  #ping(now: Millis): Output {
    this.#liveness.pinged(now);
    return this.#write.echo(FRAME.PING, this.#roundTrip.ping(now));
  }

  #recovered(): Output[] {
    if (!this.#liveness.suspected) return [];
    this.#liveness.suspected = false;
    return [event({ kind: 'resume' })];
  }

  #suspect(): Output[] {
    if (this.#liveness.suspected) return [];
    this.#liveness.suspected = true;
    return [event({ kind: 'suspect' })];
  }

  /** The connection is of no use any more: another one, or the end. */
  #broken(error: CableCarError, now: Millis): readonly Output[] {
    const { name } = this.#state;
    if (name === 'ending') return this.#finish(undefined);
    if (name === 'idle' || name === 'suspended') return [];
    if (!this.#settings.resumable) return this.#finish(fault.lost(error));
    return [...this.#suspend(now), { kind: 'reconnect' }];
  }

  #suspend(now: Millis): readonly Output[] {
    const { name } = this.#state;
    if (name === 'idle' || name === 'suspended') return [];
    this.#state = { name: 'suspended' };
    if (this.#givenUpAt === Infinity) this.#givenUpAt = now + this.#settings.resumeWindowMs;
    return [{ kind: 'suspend' }, ...this.#suspect()];
  }

  /** The link has a new connection, of which the old one's end may not have been noticed. */
  #replaced(now: Millis): readonly Output[] {
    return [...this.#suspend(now), ...this.#reopen(now)];
  }

  #close(input: SessionInput & { kind: 'close' }, now: Millis): readonly Output[] {
    const { name } = this.#state;
    const { sent, flushTimeoutMs, reason } = input;
    if (name === 'ending' || this.#parting) return [];
    if (name === 'idle') return this.#finish(fault.end('closed', reason));
    if (name !== 'suspended' && this.#acknowledged >= sent) return this.#goodbye(reason, now);
    this.#parting = { sent, reason, deadline: now + flushTimeoutMs };
    return name === 'open' ? [this.#ping(now)] : [];
  }

  #goodbye(reason: string, now: Millis): Output[] {
    // The peer should know what arrived before it hears that no more will be read.
    const last = this.#state.name === 'open' && this.#credit.stale ? [this.#tell()] : [];
    const news = fault.end('closed', reason);
    this.#state = { name: 'ending', deadline: now + END_TIMEOUT_MS, news };
    return [...last, this.#write.close({ code: 0, reason }), { kind: 'end' }];
  }

  #fault(error: CableCarError, now: Millis): readonly Output[] {
    const { name } = this.#state;
    if (name === 'ending') return [];
    const end = fault.end('fault', error.message, error);
    if (name === 'idle' || name === 'suspended') return this.#finish(end);
    this.#state = { name: 'ending', deadline: now + END_TIMEOUT_MS, news: undefined };
    return [this.#write.close({ code: 1, reason: error.message }), { kind: 'end' }, event(end)];
  }

  #finish(end: SessionEnd | undefined): readonly Output[] {
    // What an ending session had to tell is told already, or was decided then.
    const news = this.#state.name === 'ending' ? this.#state.news : end;
    this.#state = { name: 'closed' };
    return news ? [{ kind: 'destroy' }, event(news)] : [{ kind: 'destroy' }];
  }

  #wake(now: Millis): readonly Output[] {
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
    if (now >= silentAt) {
      return this.#broken(fault.silent(this.#liveness.silenceMs(now), this.#settings), now);
    }
    if (state.name === 'opening') return [];
    const outputs: Output[] = now >= suspectAt ? this.#suspect() : [];
    if (now >= this.#ackAt) outputs.push(this.#tell());
    if (now >= pingAt) outputs.push(this.#ping(now));
    return outputs;
  }
}

function event(news: SessionEvent): Output {
  return { kind: 'event', event: news };
}
