import { randomInt } from 'node:crypto';
import type { GameLoopAdapter } from 'cablecar';
import type { Match } from 'cablecar/lobby';
import { otherOf, type Disc } from './board.ts';
import { Game } from './game.ts';
import { gameLines } from './game-lines.ts';
import { Aim, Begin, Drop, type Word } from './messages.ts';
import type { Scene } from './scene.ts';

/** Two players at a table: what one does goes to the other as a message. */
export class Table implements Scene {
  readonly #match: Match<Word>;
  readonly #line: GameLoopAdapter<Word>;
  readonly #isHost: boolean;
  readonly #own: Disc;
  readonly #other: Disc;
  readonly #names: Readonly<Record<Disc, string>>;
  #game: Game | undefined;
  #end: string | undefined;
  #isLeft = false;
  #isSilent = false;

  constructor(match: Match<Word>, line: GameLoopAdapter<Word>, name: string) {
    this.#match = match;
    this.#line = line;
    this.#isHost = match.host === undefined;
    this.#own = this.#isHost ? '●' : '○';
    this.#other = otherOf(this.#own);
    const other = line.messenger.info.name;
    this.#names = this.#isHost ? { '●': name, '○': other } : { '●': other, '○': name };
    const suspect = (): boolean => (this.#isSilent = true);
    const resume = (): boolean => (this.#isSilent = false);
    line.messenger.on('suspect', suspect).on('resume', resume);
    match.on('end', ({ reason }) => {
      this.#end = reason;
      line.messenger.off('suspect', suspect).off('resume', resume); // it may come to another match
    });
    if (this.#isHost) this.#begin('●');
  }

  /** Whether this player has got up. */
  get isLeft(): boolean {
    return this.#isLeft;
  }

  press(key: string): void {
    const game = this.#game;
    if (key === 'q') this.#leave();
    else if (game === undefined || this.#match.ended) return;
    else if (key === 'left') this.#aim(game, -1);
    else if (key === 'right') this.#aim(game, 1);
    else if (key === 'return' && game.isOver) this.#again(game);
    else if (key === 'return') this.#drop(game);
  }

  tick(): void {
    this.#line.xfer();
    for (let message; (message = this.#line.get()) !== null;) {
      if (message instanceof Begin && !this.#isHost) this.#sit(message);
      else if (message instanceof Aim) this.#game?.aim(this.#other, message.column);
      // Of another game, out of turn or into a full column: it does not count.
      else if (message instanceof Drop && message.game === this.#game?.number) {
        this.#game.drop(this.#other, message.column);
      }
    }
    this.#game?.tick();
  }

  lines(): string[] {
    return gameLines({
      ...{ game: this.#game, own: this.#own, names: this.#names },
      ...{ end: this.#end, isSilent: this.#isSilent },
    });
  }

  #leave(): void {
    this.#isLeft = true;
    this.#match.leave(`${this.#names[this.#own]} has left the table`);
  }

  #aim(game: Game, step: number): void {
    const column = game.hands[this.#own] + step;
    // Where the network is slow, only the place where the hand came to rest is sent.
    if (game.aim(this.#own, column)) this.#line.send(new Aim({ column }), { delivery: 'latest' });
  }

  #drop(game: Game): void {
    const column = game.hands[this.#own];
    if (game.drop(this.#own, column)) this.#line.send(new Drop({ game: game.number, column }));
  }

  /** The host begins another game; whoever has not won begins. */
  #again({ turn }: Game): void {
    if (this.#isHost) this.#begin(otherOf(turn));
  }

  #begin(first: Disc): void {
    const begin = new Begin({ game: randomInt(2 ** 32), first });
    this.#line.send(begin);
    this.#sit(begin);
  }

  #sit({ game, first }: Begin): void {
    this.#game = new Game(game, first === '●' ? '●' : '○');
  }
}
