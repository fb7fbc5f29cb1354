import {
  ByteWriter,
  CableCarError,
  FRAME,
  readAck,
  readClose,
  readEcho,
  readOpen,
  writeAck,
  writeClose,
  writeEcho,
  writeOpen,
  type EventOutput,
  type Machine,
  type Millis,
  type Wake,
} from '@cablecar/core-protocol';
import { Credit } from './credit.ts';
import { RoundTrip, type RoundTripStats } from './round-trip.ts';
import type {
  CloseCode,
  SessionAction,
  SessionEvent,
  SessionInput,
  SessionSettings,
} from './session-types.ts';

type Output = SessionAction | EventOutput<SessionEvent>;

/** How long news of receipt may wait for company. */
const ACK_DELAY_MS = 25;
/** How long the other end may take to finish after a goodbye. */
const END_TIMEOUT_MS = 1_000;
/** Types below this that nobody knows yet are a later version's, and skipped. */
const LAST_KNOWN_TYPE = FRAME.CLOSE;

type State =
  | { readonly name: 'idle' }
  /** Our OPEN is sent; theirs has not come, so nothing else may be sent. */
  | { readonly name: 'opening' }
  | { readonly name: 'open' }
  /** The user closed; the goodbye waits for the acknowledgement of what was sent. */
  | {
      readonly name: 'closing';
      readonly opened: boolean;
      readonly sent: number;
      readonly deadline: Millis;
      readonly reason: string;
    }
  /** The last frame is sent; the other end has to finish. `event` is what the user will be told then. */
  | { readonly name: 'ending'; readonly deadline: Millis; readonly event: SessionEvent | undefined }
  | { readonly name: 'closed' };

/**
 * The rules of a session on the native wire: OPEN first, heartbeats, round trips, acknowledgement, credit, goodbye.
 * Messages themselves do not pass through here, only their numbers.
 * @see docs/protocol.md §6
 */
export class SessionMachine implements Machine<SessionInput, Output> {
  readonly #settings: SessionSettings;
  readonly #credit: Credit;
  readonly #roundTrip = new RoundTrip();
  readonly #writer = new ByteWriter(64);
  #state: State = { name: 'idle' };
  #acknowledged = 0;
  #heardAt: Millis = 0;
  #pingAt: Millis = 0;
  #ackAt: Millis | undefined;

  constructor(settings: SessionSettings) {
    this.#settings = settings;
    this.#credit = new Credit(settings.windowMessages, settings.windowBytes);
  }

  /** The state's name, for tests and traces. */
  get state(): State['name'] {
    return this.#state.name;
  }

  get roundTrip(): RoundTripStats {
    return this.#roundTrip.stats;
  }

  nextDeadline(): Millis | undefined {
    switch (this.#state.name) {
      case 'idle':
      case 'closed':
        return undefined;
      case 'ending':
        return this.#state.deadline;
      case 'opening':
        return this.#silentAt();
      case 'open':
        return this.#liveDeadline();
      case 'closing': {
        const { deadline, opened } = this.#state;
        return Math.min(deadline, opened ? this.#liveDeadline() : this.#silentAt());
      }
    }
  }

  handle(input: SessionInput | Wake, now: Millis): readonly Output[] {
    const state = this.#state;
    if (state.name === 'closed') return [];
    switch (input.kind) {
      case 'start':
        return state.name === 'idle' ? this.#start(now) : [];
      case 'control':
        return this.#control(input, now);
      case 'received':
        return this.#received(input, now);
      case 'taken':
        this.#credit.take(input.messages, input.bytes);
        return this.#acknowledgeSoon(now);
      case 'flush':
        return this.#live() ? [this.#ping(now)] : [];
      case 'close':
        return this.#close(input, now);
      case 'destroy':
        return this.#destroy();
      case 'fault':
        return this.#fault(input.error, now);
      case 'ended':
        return this.#ended();
      case 'lost':
        return this.#lost(input.error);
      case 'wake':
        return this.#wake(now);
    }
  }

  /** Whether the peer's OPEN has come and frames may be sent. */
  #live(): boolean {
    return this.#state.name === 'open' || (this.#state.name === 'closing' && this.#state.opened);
  }

  #liveDeadline(): Millis {
    return Math.min(this.#silentAt(), this.#pingAt, this.#ackAt ?? Infinity);
  }

  #silentAt(): Millis {
    return this.#heardAt + this.#settings.silenceTimeoutMs;
  }

  #start(now: Millis): Output[] {
    this.#state = { name: 'opening' };
    this.#heardAt = now;
    writeOpen(this.#writer, this.#settings);
    return [this.#written()];
  }

  #control(input: SessionInput & { kind: 'control' }, now: Millis): readonly Output[] {
    const { type, bytes, start, end } = input;
    const { name } = this.#state;
    if (name === 'idle' || name === 'ending') return [];
    if (!this.#live() && type !== FRAME.OPEN) {
      return this.#malformed(`a frame of type ${type} before OPEN`, now);
    }
    switch (type) {
      case FRAME.OPEN:
        return this.#opened(readOpen(bytes, start, end), now);
      case FRAME.PING:
        return this.#pinged(readEcho(bytes, start, end), now);
      case FRAME.PONG: {
        const token = readEcho(bytes, start, end);
        if (token === undefined) return this.#malformed('a malformed PONG', now);
        this.#roundTrip.pong(token, now);
        return [];
      }
      case FRAME.ACK:
        return this.#ack(readAck(bytes, start, end), now);
      case FRAME.CLOSE:
        return this.#closedByPeer(readClose(bytes, start, end), now);
      default:
        return type > LAST_KNOWN_TYPE
          ? []
          : this.#malformed(`a frame of type ${type} in a session`, now);
    }
  }

  #opened(open: ReturnType<typeof readOpen>, now: Millis): readonly Output[] {
    if (open === undefined || this.#live()) {
      return this.#malformed(open === undefined ? 'a malformed OPEN' : 'a second OPEN', now);
    }
    if (this.#state.name === 'closing') this.#state = { ...this.#state, opened: true };
    else this.#state = { name: 'open' };
    return [
      { kind: 'opened', open },
      { kind: 'grant', messages: open.windowMessages, bytes: open.windowBytes },
      this.#ping(now),
    ];
  }

  #pinged(token: number | undefined, now: Millis): readonly Output[] {
    if (token === undefined) return this.#malformed('a malformed PING', now);
    writeEcho(this.#writer, FRAME.PONG, token);
    const pong = this.#written();
    // The peer may be waiting to hear what has arrived.
    return this.#credit.stale ? [this.#tell(), pong] : [pong];
  }

  #ack(ack: ReturnType<typeof readAck>, now: Millis): readonly Output[] {
    if (ack === undefined || ack.received < this.#acknowledged) {
      return this.#malformed(ack === undefined ? 'a malformed ACK' : 'an ACK of less', now);
    }
    this.#acknowledged = ack.received;
    const outputs: Output[] = [
      { kind: 'grant', messages: ack.grantedMessages, bytes: ack.grantedBytes },
      { kind: 'acknowledged', messages: ack.received },
    ];
    if (this.#state.name === 'closing' && ack.received >= this.#state.sent) {
      outputs.push(...this.#goodbye(this.#state.reason, now));
    }
    return outputs;
  }

  #closedByPeer(close: ReturnType<typeof readClose>, now: Millis): readonly Output[] {
    if (close === undefined) return this.#malformed('a malformed CLOSE', now);
    const faulted = close.code !== 0;
    const reason =
      close.reason || (faulted ? 'the peer reported a fault' : 'the peer said goodbye');
    const error = faulted
      ? new CableCarError(
          'ERR_PEER_FAULT',
          `the peer closed and reported: ${JSON.stringify(reason)}`,
        )
      : undefined;
    this.#state = { name: 'ending', deadline: now + END_TIMEOUT_MS, event: undefined };
    return [{ kind: 'end' }, told(faulted ? 'fault' : 'goodbye', reason, error)];
  }

  #received(input: SessionInput & { kind: 'received' }, now: Millis): readonly Output[] {
    const { name } = this.#state;
    const { messages, bytes } = input;
    this.#heardAt = now;
    if (messages === 0 || name === 'idle' || name === 'ending') return [];
    if (!this.#live()) return this.#malformed('a message before OPEN', now);
    if (this.#credit.receive(messages, bytes)) {
      this.#credit.take(input.taken, input.takenBytes);
      return this.#acknowledgeSoon(now);
    }
    return this.#fault(
      new CableCarError(
        'ERR_FLOW',
        'the peer sent more than it had credit for, expected it to wait',
      ),
      now,
    );
  }

  #acknowledgeSoon(now: Millis): readonly Output[] {
    if (!this.#live()) return [];
    if (this.#credit.due) return [this.#tell()];
    if (this.#credit.stale) this.#ackAt ??= now + ACK_DELAY_MS;
    return [];
  }

  #tell(): Output {
    this.#ackAt = undefined;
    writeAck(this.#writer, this.#credit.tell());
    return this.#written();
  }

  #ping(now: Millis): Output {
    this.#pingAt = now + this.#settings.heartbeatIntervalMs;
    writeEcho(this.#writer, FRAME.PING, this.#roundTrip.ping(now));
    return this.#written();
  }

  #close(input: SessionInput & { kind: 'close' }, now: Millis): readonly Output[] {
    const { name } = this.#state;
    if (name === 'closing' || name === 'ending') return [];
    if (name === 'idle') return this.#destroy();
    if (this.#acknowledged >= input.sent) return this.#goodbye(input.reason, now);
    const opened = name === 'open';
    this.#state = {
      name: 'closing',
      opened,
      sent: input.sent,
      deadline: now + input.flushTimeoutMs,
      reason: input.reason,
    };
    return opened ? [this.#ping(now)] : [];
  }

  #destroy(): readonly Output[] {
    if (this.#state.name === 'ending') return this.#finish();
    this.#state = { name: 'closed' };
    return [{ kind: 'destroy' }, told('closed', 'destroyed by this program', undefined)];
  }

  #goodbye(reason: string, now: Millis): Output[] {
    const event: SessionEvent = { code: 'closed', reason, error: undefined };
    // The peer should know what arrived before it hears that no more will be read.
    const last = this.#live() && this.#credit.stale ? [this.#tell()] : [];
    this.#state = { name: 'ending', deadline: now + END_TIMEOUT_MS, event };
    writeClose(this.#writer, { code: 0, reason });
    return [...last, this.#written(), { kind: 'end' }];
  }

  #fault(error: CableCarError, now: Millis): readonly Output[] {
    const { name } = this.#state;
    if (name === 'ending') return [];
    this.#state = { name: 'ending', deadline: now + END_TIMEOUT_MS, event: undefined };
    writeClose(this.#writer, { code: 1, reason: error.message });
    return [this.#written(), { kind: 'end' }, told('fault', error.message, error)];
  }

  #malformed(seen: string, now: Millis): readonly Output[] {
    return this.#fault(
      new CableCarError('ERR_FRAME', `the peer sent ${seen}, expected the session's order`),
      now,
    );
  }

  #ended(): readonly Output[] {
    if (this.#state.name === 'ending') return this.#finish();
    return this.#lost(
      new CableCarError('ERR_CONNECTION_LOST', 'the peer finished without a goodbye, expected one'),
    );
  }

  #lost(error: CableCarError | undefined): readonly Output[] {
    if (this.#state.name === 'ending') return this.#finish();
    this.#state = { name: 'closed' };
    const lost =
      error ??
      new CableCarError('ERR_CONNECTION_LOST', 'the connection closed, expected a goodbye before');
    return [{ kind: 'destroy' }, told('lost', lost.message, lost)];
  }

  #finish(): readonly Output[] {
    const event = this.#state.name === 'ending' ? this.#state.event : undefined;
    this.#state = { name: 'closed' };
    return event ? [{ kind: 'destroy' }, { kind: 'event', event }] : [{ kind: 'destroy' }];
  }

  #wake(now: Millis): readonly Output[] {
    const state = this.#state;
    if (state.name === 'idle') return [];
    if (state.name === 'ending') return now >= state.deadline ? this.#finish() : [];
    if (now >= this.#silentAt()) {
      return this.#lost(
        new CableCarError(
          'ERR_PEER_SILENT',
          `nothing was heard for ${Math.round(now - this.#heardAt)} ms, expected a heartbeat every ${this.#settings.heartbeatIntervalMs}`,
        ),
      );
    }
    if (state.name === 'closing' && now >= state.deadline) return this.#goodbye(state.reason, now);
    const outputs: Output[] = [];
    if (!this.#live()) return outputs;
    if (this.#ackAt !== undefined && now >= this.#ackAt) outputs.push(this.#tell());
    if (now >= this.#pingAt) outputs.push(this.#ping(now));
    return outputs;
  }

  #written(): SessionAction {
    const bytes = this.#writer.copyItem();
    this.#writer.clear();
    return { kind: 'control', bytes };
  }
}

function told(code: CloseCode, reason: string, error: CableCarError | undefined): Output {
  return { kind: 'event', event: { code, reason, error } };
}
