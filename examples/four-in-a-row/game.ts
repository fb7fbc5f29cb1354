import { Board, COLUMNS, otherOf, ROWS, type Disc, type Place } from './board.ts';

/** One game: the rules, and where both hands are. It knows of no network and no screen. */
export class Game {
  readonly number: number;
  readonly board: Board = new Board();
  /** Over which column each holds a disc. */
  readonly hands: Record<Disc, number> = { '●': 3, '○': 3 };
  #turn: Disc;
  #four: readonly Place[] = [];
  #last: Place = { column: 0, row: ROWS };
  #height = 0;

  constructor(number: number, first: Disc) {
    this.number = number;
    this.#turn = first;
  }

  /** Whose turn it is. */
  get turn(): Disc {
    return this.#turn;
  }

  /** The four that have won, once the last disc has landed. */
  get four(): readonly Place[] {
    return this.falling ? [] : this.#four;
  }

  get isOver(): boolean {
    return this.board.isFull || this.#four.length > 0;
  }

  /** A disc on its way down, and the row that it passes. */
  get falling(): { readonly place: Place; readonly height: number } | undefined {
    const place = this.#last;
    return this.#height > place.row ? { place, height: this.#height } : undefined;
  }

  /** Moves a hand; false where it is there already, or there is no such column. */
  aim(disc: Disc, column: number): boolean {
    if (!(column >= 0 && column < COLUMNS) || this.hands[disc] === column) return false;
    this.hands[disc] = column;
    return true;
  }

  /** Drops a disc; false where that is against the rules. */
  drop(disc: Disc, column: number): boolean {
    if (this.isOver || disc !== this.#turn) return false;
    const place = this.board.drop(column, disc);
    if (place === undefined) return false;
    this.hands[disc] = column;
    this.#last = place;
    this.#height = ROWS;
    this.#four = this.board.four();
    if (!this.isOver) this.#turn = otherOf(disc);
    return true;
  }

  /** Time passes: a disc falls by half a row. */
  tick(): void {
    if (this.falling) this.#height -= 0.5;
  }
}
