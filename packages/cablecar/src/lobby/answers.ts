import { CableCarError, type ErrorCode, type PeerId } from '@cablecar/core-protocol';
import type { Failure, Refusal } from './words.ts';

const CODES: Readonly<Record<Failure, ErrorCode>> = {
  declined: 'ERR_INVITATION_DECLINED',
  timeout: 'ERR_TIMEOUT',
  withdrawn: 'ERR_INVITATION_WITHDRAWN',
  full: 'ERR_LOBBY_FULL',
  left: 'ERR_PLAYER_LEFT',
};

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/** Who waits for an answer of which player: one at a time for each. */
export class Answers<Answer> {
  readonly #waiting = new Map<PeerId, Waiting<Answer>>();

  has(player: PeerId): boolean {
    return this.#waiting.has(player);
  }

  /** Waits for a player's answer. */
  wait(player: PeerId): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(player, { resolve, reject });
    });
  }

  resolve(player: PeerId, answer: Answer): void {
    this.#settle(player)?.resolve(answer);
  }

  reject(player: PeerId, reason: unknown): void {
    this.#settle(player)?.reject(reason);
  }

  rejectAll(reason: unknown): void {
    for (const player of [...this.#waiting.keys()]) this.reject(player, reason);
  }

  #settle(player: PeerId): Waiting<Answer> | undefined {
    const waiting = this.#waiting.get(player);
    this.#waiting.delete(player);
    return waiting;
  }
}

/** The error that a promise rejects with where nothing comes of an invitation. */
export function refusalError({ code, reason }: Refusal): CableCarError {
  return new CableCarError(CODES[code], `${reason || code}, expected a match`);
}
