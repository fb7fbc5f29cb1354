import type { Millis, PeerId } from '@cablecar/core-protocol';
import type { LobbyEvent, LobbyOutput, Standing } from './lobby-types.ts';
import { LATE } from './refusals.ts';
import type { Failure, Word } from './words.ts';

/** How things stand with each player, and what a step makes the lobby say and tell. */
export class LobbyBoard {
  readonly #players = new Map<PeerId, Standing>();
  #outputs: LobbyOutput[] = [];

  /** Undefined for a player that is not connected. */
  get(player: PeerId): Standing | undefined {
    return this.#players.get(player);
  }

  set(player: PeerId, standing: Standing): void {
    this.#players.set(player, standing);
  }

  delete(player: PeerId): void {
    this.#players.delete(player);
  }

  /** Everybody who is connected, in the order in which they were met. */
  get players(): PeerId[] {
    return [...this.#players.keys()];
  }

  /** The players with whom things stand like this, in the order in which they were met. */
  all(name: Standing['name']): PeerId[] {
    return [...this.#players].flatMap(([player, standing]) =>
      standing.name === name ? player : [],
    );
  }

  /** Until when something is waited for, from whom. */
  deadlines(): { readonly player: PeerId; readonly deadline: Millis }[] {
    return [...this.#players].flatMap(([player, standing]) =>
      'deadline' in standing ? { player, deadline: standing.deadline } : [],
    );
  }

  /** What was said, told and asked for since this was called last. */
  takeOutputs(): readonly LobbyOutput[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  say(player: PeerId, word: Word): void {
    this.#outputs.push({ kind: 'say', player, word });
  }

  tell(event: LobbyEvent): void {
    this.#outputs.push({ kind: 'event', event });
  }

  part(player: PeerId): void {
    this.#outputs.push({ kind: 'part', player });
  }

  /** What was asked of a player has come to nothing. */
  fail(player: PeerId, code: Failure, reason: string): void {
    this.set(player, { name: 'present' });
    this.tell({ kind: 'failed', player, code, reason });
  }

  /** A player's invitation is off. */
  off(player: PeerId, code: Failure, reason: string): void {
    this.set(player, { name: 'present' });
    this.tell({ kind: 'invitation:off', player, code, reason });
  }

  /** Declines an invitation that waits for an answer. */
  decline(player: PeerId, code: Failure, reason: string): void {
    const standing = this.get(player);
    if (standing?.name !== 'invited') return;
    this.say(player, { kind: 'decline', number: standing.number, code, reason });
    this.off(player, code, reason);
  }

  /** Takes back an invitation, or an acceptance: should that be confirmed by then, it is a guest that leaves. */
  withdraw(player: PeerId, code: Failure, reason: string): void {
    const standing = this.get(player);
    if (standing?.name !== 'inviting' && standing?.name !== 'accepting') return;
    const { name, number } = standing;
    if (name === 'accepting') this.say(player, { kind: 'leave', reason });
    else this.say(player, { kind: 'withdraw', number, code, reason });
    this.fail(player, code, reason);
  }

  /** Takes back what has stood too long. */
  expire(now: Millis): void {
    for (const { player, deadline } of this.deadlines())
      if (now >= deadline) this.withdraw(player, LATE.code, LATE.reason);
  }

  /** Takes back every invitation. */
  withdrawAll(code: Failure, reason: string): void {
    for (const player of this.all('inviting')) this.withdraw(player, code, reason);
  }
}
