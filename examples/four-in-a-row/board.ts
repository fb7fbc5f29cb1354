/** How many columns a board has. */
export const COLUMNS = 7;
/** How many rows; row 0 is the lowest. */
export const ROWS = 6;

/** A player's disc: the host's is full. */
export type Disc = '●' | '○';

/** The other player's disc. */
export function otherOf(disc: Disc): Disc {
  return disc === '●' ? '○' : '●';
}

/** A place on the board. */
export interface Place {
  readonly column: number;
  readonly row: number;
}

const DIRECTIONS = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
] as const;

/** Seven columns into which discs are dropped; whoever has four in a row has won. */
export class Board {
  readonly #columns: readonly Disc[][] = Array.from({ length: COLUMNS }, () => []);

  at({ column, row }: Place): Disc | undefined {
    return this.#columns[column]?.[row];
  }

  /** Where a disc comes to lie that is dropped there; undefined where the column is full, or there is none. */
  drop(column: number, disc: Disc): Place | undefined {
    const discs = this.#columns[column];
    if (discs === undefined || discs.length === ROWS) return undefined;
    return { column, row: discs.push(disc) - 1 };
  }

  get isFull(): boolean {
    return this.#columns.every((discs) => discs.length === ROWS);
  }

  /** Four places in a row with one player's discs, or none. */
  four(): readonly Place[] {
    for (const [column, discs] of this.#columns.entries()) {
      for (const [row, disc] of discs.entries()) {
        for (const [right, up] of DIRECTIONS) {
          const line = [0, 1, 2, 3].map((n) => ({ column: column + n * right, row: row + n * up }));
          if (line.every((place) => this.at(place) === disc)) return line;
        }
      }
    }
    return [];
  }
}
