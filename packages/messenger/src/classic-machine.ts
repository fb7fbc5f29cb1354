import type { CableCarError, Millis, Wake } from '@cablecar/core-protocol';
import type { RoundTripStats } from './round-trip.ts';
import { end, lost } from './session-faults.ts';
import type { SessionEnd, SessionInput, SessionOutput } from './session-types.ts';
import type { SessionRules } from './wire.ts';

/** How long the other end may take to finish after this one has. */
const END_TIMEOUT_MS = 1_000;

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'open' }
  /** The last byte is sent; the other end has to finish. `news` is what the user will be told then. */
  | { readonly name: 'ending'; readonly deadline: Millis; readonly news: SessionEnd | undefined }
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
    delivered: ['idle'],
    destroy: ['closed'],
    fault: ['ending'],
    ended: ['ending'],
    lost: ['closed'],
    down: ['idle'],
    up: ['idle'],
    wake: ['idle'],
  },
  open: {
    start: ['open'],
    control: ['open'],
    received: ['open'],
    taken: ['open'],
    flush: ['open'],
    close: ['ending'],
    delivered: ['open'],
    destroy: ['closed'],
    fault: ['ending'],
    ended: ['ending'],
    lost: ['closed'],
    down: ['open'],
    up: ['open'],
    wake: ['open'],
  },
  ending: {
    start: ['ending'],
    control: ['ending'],
    received: ['ending'],
    taken: ['ending'],
    flush: ['ending'],
    close: ['ending'],
    delivered: ['ending'],
    destroy: ['closed'],
    fault: ['ending'],
    ended: ['closed'],
    lost: ['closed'],
    down: ['ending'],
    up: ['ending'],
    wake: ['ending', 'closed'],
  },
  closed: {
    start: ['closed'],
    control: ['closed'],
    received: ['closed'],
    taken: ['closed'],
    flush: ['closed'],
    close: ['closed'],
    delivered: ['closed'],
    destroy: ['closed'],
    fault: ['closed'],
    ended: ['closed'],
    lost: ['closed'],
    down: ['closed'],
    up: ['closed'],
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

  handle(input: SessionInput | Wake, now: Millis): readonly SessionOutput[] {
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
      case 'sighted':
      case 'delivered':
      case 'down':
      case 'up':
        return [];
      case 'close':
        if (state.name === 'idle') return this.#finish(end('closed', input.reason));
        if (state.name === 'ending') return [];
        // What waits is written first, for as long as the user gives it.
        this.#state = {
          name: 'ending',
          deadline: now + Math.max(input.flushTimeoutMs, END_TIMEOUT_MS),
          news: end('closed', input.reason),
        };
        return [{ kind: 'end' }];
      case 'destroy':
        return this.#finish(end('closed', 'destroyed by this program'));
      case 'fault':
        return this.#tellAndEnd(end('fault', input.error.message, input.error), now);
      case 'ended':
        if (state.name === 'ending') return this.#finish(undefined);
        return this.#tellAndEnd(end('goodbye', 'the peer closed'), now);
      case 'lost':
        return this.#lost(input.error);
      case 'wake':
        return state.name === 'ending' && now >= state.deadline ? this.#finish(undefined) : [];
    }
  }

  #lost(error: CableCarError | undefined): readonly SessionOutput[] {
    if (error === undefined) return this.#finish(end('goodbye', 'the peer closed'));
    // A link that merges connections sees by itself that what came are no frames.
    const isFault = error.origin === 'remote';
    return this.#finish(isFault ? end('fault', error.message, error) : lost(error));
  }

  #tellAndEnd(event: SessionEnd, now: Millis): readonly SessionOutput[] {
    if (this.#state.name === 'ending') return [];
    this.#state = { name: 'ending', deadline: now + END_TIMEOUT_MS, news: undefined };
    return [{ kind: 'end' }, { kind: 'event', event }];
  }

  #finish(event: SessionEnd | undefined): readonly SessionOutput[] {
    const news = this.#state.name === 'ending' ? this.#state.news : event;
    this.#state = { name: 'closed' };
    return news ? [{ kind: 'destroy' }, { kind: 'event', event: news }] : [{ kind: 'destroy' }];
  }
}
