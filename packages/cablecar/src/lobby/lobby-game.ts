import type { PeerId } from '@cablecar/core-protocol';
import type { LobbyBoard } from './lobby-board.ts';
import type { LobbySettings } from './lobby-types.ts';
import { SHUT, TAKEN } from './refusals.ts';
import type { Openness, Refusal, Roster } from './words.ts';

/** The game that this player is in, if in one: with guests of its own, or as the guest of another one. */
export class LobbyGame {
  readonly #settings: LobbySettings;
  readonly #board: LobbyBoard;
  #entered: Roster | undefined;

  constructor(settings: LobbySettings, board: LobbyBoard) {
    this.#settings = settings;
    this.#board = board;
  }

  /** Who plays; this player alone where there is no game. */
  get roster(): Roster {
    const { id, size } = this.#settings;
    return this.#entered ?? { size, players: [id, ...this.#board.all('guest')] };
  }

  get hasGuests(): boolean {
    return this.#board.all('guest').length > 0;
  }

  /** Whether another player can come in. */
  get hasRoom(): boolean {
    return !this.isTaken && this.roster.players.length < this.#settings.size;
  }

  /** Whether this player is another one's guest, or has agreed to be. */
  get isTaken(): boolean {
    return this.#board.all('host').length + this.#board.all('accepting').length > 0;
  }

  /** Why no invitation is taken, if none is. */
  refusal(openness: Openness): Refusal | undefined {
    if (!this.hasRoom) return TAKEN;
    return openness === 'open' || openness === 'ask' ? undefined : SHUT;
  }

  /** A player who has accepted comes in. */
  seat(player: PeerId, number: number): void {
    this.#board.set(player, { name: 'guest' });
    this.#board.say(player, { kind: 'confirm', number, ...this.roster });
    this.#board.tell({ kind: 'seated', player });
    this.#sayRoster(player);
    if (!this.hasRoom) this.#settle();
  }

  /** This player comes into another one's game. */
  enter(host: PeerId, { size, players }: Roster): void {
    this.#entered = { size, players };
    this.#board.set(host, { name: 'host' });
    this.#board.tell({ kind: 'entered', player: host, roster: this.#entered });
    this.#settle();
  }

  /** Others have come into the host's game, or gone. */
  update({ size, players }: Roster): void {
    this.#entered = { size, players };
    this.#board.tell({ kind: 'roster', roster: this.#entered });
  }

  /** A guest or the host has gone. */
  lose(player: PeerId, reason: string): void {
    const isHost = this.#board.get(player)?.name === 'host';
    this.#board.set(player, { name: 'present' });
    this.#entered = undefined;
    if (!isHost) this.#board.tell({ kind: 'unseated', player, reason });
    if (isHost || !this.hasGuests) this.#board.tell({ kind: 'ended', reason });
    else this.#sayRoster();
  }

  /** This player goes, and everybody whom it hosts. */
  leave(reason: string): void {
    const mates = [...this.#board.all('guest'), ...this.#board.all('host')];
    if (mates.length === 0) return;
    for (const mate of mates) {
      this.#board.set(mate, { name: 'present' });
      this.#board.say(mate, { kind: 'leave', reason });
    }
    this.#entered = undefined;
    this.#board.tell({ kind: 'ended', reason });
  }

  /** Nobody else can play any more. */
  #settle(): void {
    const board = this.#board;
    board.withdrawAll('full', 'the last place was taken');
    for (const player of board.all('invited')) board.decline(player, TAKEN.code, TAKEN.reason);
    if (!this.#settings.isClassic) return;
    for (const player of board.all('present')) board.part(player);
  }

  /** Tells the guests who plays, apart from one who knows. */
  #sayRoster(knower?: PeerId): void {
    for (const guest of this.#board.all('guest'))
      if (guest !== knower) this.#board.say(guest, { kind: 'roster', ...this.roster });
  }
}
