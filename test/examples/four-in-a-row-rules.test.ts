import { describe, expect, it } from 'vitest';
import { Board } from '../../examples/four-in-a-row/board.ts';
import { Game } from '../../examples/four-in-a-row/game.ts';

/** A board of drops, in which a capital drops the full disc and a small letter the other one, into the column so lettered. */
function boardOf(drops: string): Board {
  const board = new Board();
  for (const letter of drops) {
    const column = 'abcdefg'.indexOf(letter.toLowerCase());
    expect(board.drop(column, letter === letter.toLowerCase() ? '○' : '●')).toBeDefined();
  }
  return board;
}

describe('the rules of four in a row', () => {
  it.each([
    ['along a row', 'DEFG', [3, 4, 5, 6], [0, 0, 0, 0]],
    ['up a column', 'aAAAA', [0, 0, 0, 0], [1, 2, 3, 4]],
    ['up to the right', 'AbBcCCdDdD', [0, 1, 2, 3], [0, 1, 2, 3]],
    ['down to the right', 'GfFeEEdDdD', [3, 4, 5, 6], [3, 2, 1, 0]],
  ])('find four %s', (_, drops, columns, rows) => {
    const four = boardOf(drops).four();
    expect(four.map(({ column }) => column)).toEqual(columns);
    expect(four.map(({ row }) => row)).toEqual(rows);
  });

  it('find none in three, nor round the edge, nor in both colours', () => {
    for (const drops of ['', 'ABC', 'EFGA', 'ABcD', 'aAaaA']) {
      expect(boardOf(drops).four()).toEqual([]);
    }
  });

  it('take a drop in turn, into a column that has room, until somebody has won', () => {
    const game = new Game(1, '●');
    expect(game.drop('○', 0)).toBe(false);
    expect(game.drop('●', 7)).toBe(false);
    expect(game.drop('●', 0)).toBe(true);
    expect(game.drop('●', 1)).toBe(false);
    for (const [index, column] of [0, 0, 0, 0, 0].entries()) {
      expect(game.drop(index % 2 === 0 ? '○' : '●', column)).toBe(true);
    }
    expect(game.drop('●', 0)).toBe(false); // full
    for (const column of [1, 1, 2, 2, 3, 3]) game.drop(game.turn, column);
    expect(game.isOver).toBe(true);
    expect(game.turn).toBe('●'); // who has won
    expect(game.drop('○', 5)).toBe(false);
  });

  it('show four only once the last disc has landed', () => {
    const game = new Game(1, '●');
    for (const column of [0, 0, 1, 1, 2, 2, 3]) game.drop(game.turn, column);
    expect(game.falling).toMatchObject({ place: { column: 3, row: 0 } });
    expect(game.four).toEqual([]);
    while (game.falling) game.tick();
    expect(game.four).toHaveLength(4);
  });
});
