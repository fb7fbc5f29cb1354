import { CableCarError, type EventOutput, type Millis, type Wake } from '@cablecar/core-protocol';
import type { RoundTripStats } from './round-trip.ts';
import type { SessionAction, SessionEvent, SessionInput } from './session-types.ts';
import type { SessionRules } from './wire.ts';

type Output = SessionAction | EventOutput<SessionEvent>;

/** How long the other end may take to finish after this one has. */
const END_TIMEOUT_MS = 1_000;

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'open' }
  /** The last byte is sent; the other end has to finish. `event` is what the user will be told then. */
  | { readonly name: 'ending'; readonly deadline: Millis; readonly event: SessionEvent | undefined }
  | { readonly name: 'closed' };

/**
 * Every state with what each input may make of it.
 * @see docs/state-machines.md
 */
export const CLASSIC_TRANSITIONS = {
  idle: {
    start: ['open'],
    control: ['idle'],
    received: ['idle'],
    taken: ['idle'],
    flush: ['idle'],
    close: ['closed'],
    destroy: ['closed'],
    fault: ['ending'],
    ended: ['ending'],
    lost: ['closed'],
    wake: ['idle'],
  },
  open: {
    start: ['open'],
    control: ['open'],
    received: ['open'],
    taken: ['open'],
    flush: ['open'],
    close: ['ending'],
    destroy: ['closed'],
    fault: ['ending'],
    ended: ['ending'],
    lost: ['closed'],
    wake: ['open'],
  },
  ending: {
    start: ['ending'],
    control: ['ending'],
    received: ['ending'],
    taken: ['ending'],
    flush: ['ending'],
    close: ['ending'],
    destroy: ['closed'],
    fault: ['ending'],
    ended: ['closed'],
    lost: ['closed'],
    wake: ['ending', 'closed'],
  },
  closed: {
    start: ['closed'],
    control: ['closed'],
    received: ['closed'],
    taken: ['closed'],
    flush: ['closed'],
    close: ['closed'],
    destroy: ['closed'],
    fault: ['closed'],
    ended: ['closed'],
    lost: ['closed'],
    wake: ['closed'],
  },
} as const;

/**
 * The rules of a session on the classic wires, which have no control frames: no heartbeat, no acknowledgement, no
 * credit (TCP holds the sender), and the end of the stream is the goodbye.
 * @see docs/from-cable-car.md
 */
export class ClassicMachine implements SessionRules {
  readonly roundTrip: RoundTripStats = {
    lastMs: undefined,
    smoothedMs: undefined,
    minimumMs: undefined,
    jitterMs: undefined,
  };
  #state: State = { name: 'idle' };

  /** The state's name, for tests and traces. */
  get state(): State['name'] {
    return this.#state.name;
  }

  nextDeadline(): Millis | undefined {
    return this.#state.name === 'ending' ? this.#state.deadline : undefined;
  }

  handle(input: SessionInput | Wake, now: Millis): readonly Output[] {
    const state = this.#state;
    if (state.name === 'closed') return [];
    switch (input.kind) {
      case 'start':
        if (state.name !== 'idle') return [];
        this.#state = { name: 'open' };
        return [{ kind: 'grant', messages: Infinity, bytes: Infinity }];
      case 'control':
      case 'received':
      case 'taken':
      case 'flush':
        return [];
      case 'close':
        if (state.name === 'idle') return this.#finish(told('closed', input.reason));
        return this.#finishSending(now, told('closed', input.reason), undefined);
      case 'destroy':
        return this.#finish(told('closed', 'destroyed by this program'));
      case 'fault':
        return this.#finishSending(now, undefined, told('fault', input.error.message, input.error));
      case 'ended':
        if (state.name === 'ending') return this.#finish(state.event);
        return this.#finishSending(now, undefined, told('goodbye', 'the peer closed'));
      case 'lost':
        return this.#lost(input.error);
      case 'wake':
        return state.name === 'ending' && now >= state.deadline ? this.#finish(state.event) : [];
    }
  }

  #lost(error: CableCarError | undefined): readonly Output[] {
    if (this.#state.name === 'ending') return this.#finish(this.#state.event);
    return this.#finish(
      error ? told('lost', error.message, error) : told('goodbye', 'the peer closed'),
    );
  }

  /** Finishes sending, tells `now` at once and `later` when the other end has finished as well. */
  #finishSending(
    at: Millis,
    later: SessionEvent | undefined,
    now: SessionEvent | undefined,
  ): readonly Output[] {
    if (this.#state.name === 'ending') return [];
    this.#state = { name: 'ending', deadline: at + END_TIMEOUT_MS, event: later };
    return now ? [{ kind: 'end' }, { kind: 'event', event: now }] : [{ kind: 'end' }];
  }

  #finish(event: SessionEvent | undefined): readonly Output[] {
    const told = this.#state.name === 'ending' && this.#state.event === undefined;
    this.#state = { name: 'closed' };
    if (told || event === undefined) return [{ kind: 'destroy' }];
    return [{ kind: 'destroy' }, { kind: 'event', event }];
  }
}

function told(code: SessionEvent['code'], reason: string, error?: CableCarError): SessionEvent {
  return { code, reason, error };
}
