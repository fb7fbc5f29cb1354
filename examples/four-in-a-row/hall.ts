import { CableCarError } from 'cablecar';
import type { Lobby, Player } from 'cablecar/lobby';
import { paint, plainText } from '../screen.ts';
import type { Word } from './messages.ts';
import type { Scene } from './scene.ts';

/** The lobby: who is there, and whom to play with. */
export class Hall implements Scene {
  isLeft = false;
  readonly #lobby: Lobby<Word>;
  readonly #asked = new Set<Player<Word>>();
  #chosen = 0;
  #said = '';

  constructor(lobby: Lobby<Word>) {
    this.#lobby = lobby;
    lobby.on('warning', ({ message }) => (this.#said = message));
  }

  press(key: string): void {
    const player = this.#players[this.#chosen];
    if (key === 'q') this.isLeft = true;
    else if (key === 'up') this.#chosen -= 1;
    else if (key === 'down') this.#chosen += 1;
    else if (key === 'return' && player) void this.#invite(player);
  }

  tick(): void {
    this.#chosen = Math.max(0, Math.min(this.#chosen, this.#players.length - 1)); // players come and go
  }

  lines(): string[] {
    const players = this.#players.map((player, index) => {
      const mark = index === this.#chosen ? '›' : ' ';
      return `   ${mark} ${plainText(player.name).padEnd(22)}${this.#standing(player)}`;
    });
    return [
      '',
      `   ${paint(1, 'Four in a row')}`,
      `   ${plainText(this.#lobby.mesh.name)} in the lobby`,
      '',
      ...(players.length > 0 ? players : ['   Nobody else is here yet …']),
      '',
      `   ${plainText(this.#said, 76)}`,
      '   ↑ ↓: choose · Enter: invite, or accept · q: quit',
    ];
  }

  get #players(): readonly Player<Word>[] {
    return [...this.#lobby.players.values()];
  }

  #standing(player: Player<Word>): string {
    if (this.#lobby.invitations.has(player.id)) return 'invites you';
    if (this.#asked.has(player)) return 'is asked …';
    return player.taken > 1 ? 'plays' : '';
  }

  /** Invites a player; one who has invited this player is answered by that. The match comes as an event. */
  async #invite(player: Player<Word>): Promise<void> {
    if (this.#asked.has(player)) return;
    this.#asked.add(player);
    this.#said = '';
    try {
      await this.#lobby.invite(player);
    } catch (error) {
      if (!CableCarError.is(error)) throw error;
      this.#said = error.message; // declined, too late, gone
    } finally {
      this.#asked.delete(player);
    }
  }
}
