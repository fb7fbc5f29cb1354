import type { CableCarError, Machine, Millis, Wake } from '@cablecar/core-protocol';
import type { MergeStateName } from './merge-transitions.ts';
import type { MergeAction, MergeInput, Side } from './merge-types.ts';

/** How long after our own dial the peer's may still come. */
export const SETTLE_MS = 250;
/** How long the peer is given to show by a word which of two connections it uses. */
const SPEAK_MS = 1_000;
/** So soon after the second connection came, what is read on one may be older than what was read on the other. */
const UNORDERED_MS = 250;

/** How a link begins. */
export interface MergeSettings {
  /** The connection that was there first. */
  readonly first: Side;
  /** Whether the other one is expected: our own dial is still under way. */
  readonly isCrossing: boolean;
  /** Whose connection to take where nothing else tells; both ends must agree on it. */
  readonly guess: Side;
  readonly now: Millis;
}

type MergeState =
  /** `preferred` was written to before. */
  | { readonly name: 'undecided'; readonly until: Millis; readonly preferred: Side | undefined }
  | { readonly name: 'decided'; readonly use: Side }
  | { readonly name: 'finishing' }
  | { readonly name: 'over' };

/**
 * Which of two connections with one peer is written to, and what the end of one means.
 *
 * Where both ends dialled, a program on Python's cable_car has two sockets. Some programs use both, some the first, some
 * the last, some the one in the library's table; the others are never read. Only a word of the peer tells which one it
 * uses, so nothing is written before that or before it was given the time to speak.
 * @see docs/protocol.md §9.4
 */
export class MergeMachine implements Machine<MergeInput, MergeAction> {
  readonly #guess: Side;
  readonly #open: Set<Side>;
  readonly #spoken = new Set<Side>();
  #joinedAt: Millis = -Infinity;
  #state: MergeState;

  constructor({ first, isCrossing, guess, now }: MergeSettings) {
    this.#guess = guess;
    this.#open = new Set([first]);
    const waitMs = isCrossing ? SPEAK_MS : SETTLE_MS;
    const isCertain = first === 'theirs' && !isCrossing;
    this.#state = isCertain
      ? { name: 'decided', use: first }
      : { name: 'undecided', until: now + waitMs, preferred: undefined };
  }

  get state(): MergeStateName {
    return this.#state.name;
  }

  /** The connection to write to, once that is decided. */
  get use(): Side | undefined {
    return this.#state.name === 'decided' ? this.#state.use : undefined;
  }

  nextDeadline(): Millis | undefined {
    return this.#state.name === 'undecided' ? this.#state.until : undefined;
  }

  handle(input: MergeInput | Wake, now: Millis): readonly MergeAction[] {
    if (this.#state.name === 'over') return [];
    switch (input.kind) {
      case 'joined':
        return this.#joined(input.side, now);
      case 'spoke':
        return this.#spoke(input.side, now);
      case 'ended':
        return this.#ended(input.side, input.error);
      case 'finish':
        return this.#finish();
      case 'destroy':
        return this.#close(undefined);
      case 'wake':
        return this.#wake(now);
      default:
        return input satisfies never;
    }
  }

  #joined(side: Side, now: Millis): readonly MergeAction[] {
    const state = this.#state;
    this.#open.add(side);
    this.#joinedAt = now;
    if (state.name === 'finishing') return [{ kind: 'finish' }];
    const { use } = this;
    if (use !== undefined && this.#spoken.has(use)) return [];
    this.#state = { name: 'undecided', until: now + SPEAK_MS, preferred: use };
    return [];
  }

  #spoke(side: Side, now: Millis): readonly MergeAction[] {
    const { use } = this;
    this.#spoken.add(side);
    if (this.#state.name === 'finishing' || use === side) return [];
    // A program that speaks on both at first used ours last: once it has accepted ours, it does not dial any more.
    const isOld = side === 'theirs' && now - this.#joinedAt < UNORDERED_MS;
    return isOld && use !== undefined && this.#spoken.has(use) ? [] : this.#decide('use', side);
  }

  #ended(side: Side, error: CableCarError | undefined): readonly MergeAction[] {
    if (!this.#open.delete(side)) return [];
    const [other] = this.#open;
    const drop: MergeAction = { kind: 'drop', side };
    // After our own goodbye no end is a loss.
    if (this.#state.name === 'finishing') return other ? [drop] : this.#close(undefined);
    if (other === undefined) return this.#close(error);
    // The program closed the one that it used; the other is of no use to it either.
    if (this.#spoken.has(side) && !this.#spoken.has(other)) return this.#close(error);
    if (!this.#spoken.has(side)) return [...this.#decide('inherit', other), drop];
    return this.use === other ? [drop] : [...this.#decide('use', other), drop];
  }

  #finish(): readonly MergeAction[] {
    if (this.#state.name === 'finishing') return [];
    const last = this.#state.name === 'undecided' ? this.#decide('use', this.#guessed()) : [];
    this.#state = { name: 'finishing' };
    return [...last, { kind: 'finish' }];
  }

  #wake(now: Millis): readonly MergeAction[] {
    if (this.#state.name !== 'undecided' || now < this.#state.until) return [];
    return this.#decide('use', this.#guessed());
  }

  /** Where something was written before, the rest goes as well: so it arrives in order. */
  #guessed(): Side {
    const preferred = this.#state.name === 'undecided' ? this.#state.preferred : undefined;
    const [only] = this.#open;
    if (this.#open.size === 1) return only as Side;
    return preferred ?? this.#guess;
  }

  #decide(kind: 'use' | 'inherit', side: Side): readonly MergeAction[] {
    this.#state = { name: 'decided', use: side };
    return [{ kind, side }];
  }

  #close(error: CableCarError | undefined): readonly MergeAction[] {
    this.#state = { name: 'over' };
    return [{ kind: 'close', error }];
  }
}
