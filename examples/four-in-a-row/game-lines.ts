import { paint, plainText } from '../screen.ts';
import { COLUMNS, otherOf, ROWS, type Disc, type Place } from './board.ts';
import type { Game } from './game.ts';

/** What a table shows. */
export interface TableView {
  /** None until the host begins one. */
  readonly game: Game | undefined;
  readonly own: Disc;
  readonly names: Readonly<Record<Disc, string>>;
  /** Why the match is over, if it is. */
  readonly end: string | undefined;
  /** Whether the other player has not been heard of lately. */
  readonly isSilent: boolean;
}

const COLOURS = { '●': 31, '○': 33 } as const;

/** A table as lines of text: the hands, the board, who plays, and what there is to do. */
export function gameLines(view: TableView): string[] {
  const { game, own, names, end } = view;
  const players = (['●', '○'] as const).map((disc) => {
    const name = `${paint(COLOURS[disc], disc)} ${plainText(names[disc])}`;
    return disc === own ? `${name} (you)` : name;
  });
  const title = ['', `   ${paint(1, 'Four in a row')}`, `   ${players.join('  against  ')}`, ''];
  if (game === undefined) return [...title, `   ${end ?? 'The host lays out the board …'}`];
  const rows = Array.from({ length: ROWS }, (_, index) => rowLine(game, ROWS - 1 - index));
  return [
    ...title,
    `    ${handsLine(game)}`,
    '   ┌───────────────┐',
    ...rows.map((row) => `   │ ${row} │`),
    '   └───────────────┘',
    '',
    ...sentences(view).map((sentence) => `   ${sentence}`),
  ];
}

/** The hand of whoever has the turn, above the column that it points at. */
function handsLine({ hands, turn, isOver, falling }: Game): string {
  if (isOver || falling) return '';
  return `${' '.repeat(2 * hands[turn] + 1)}${paint(COLOURS[turn], turn)}`;
}

function rowLine(game: Game, row: number): string {
  const cells = Array.from({ length: COLUMNS }, (_, column) => cellText(game, { column, row }));
  return cells.join(' ');
}

function cellText({ board, falling, four }: Game, place: Place): string {
  const isSame = (one: Place): boolean => one.column === place.column && one.row === place.row;
  if (falling?.place.column === place.column) {
    if (Math.floor(falling.height) === place.row) return discText(board.at(falling.place));
    if (isSame(falling.place)) return discText(undefined); // it is not there yet
  }
  const disc = board.at(place);
  return four.some(isSame) ? `\u001B[7m${discText(disc)}\u001B[27m` : discText(disc);
}

function discText(disc: Disc | undefined): string {
  return disc === undefined ? paint(2, '·') : paint(COLOURS[disc], disc);
}

/** What happened, and which keys there are. */
function sentences({ game, own, names, end, isSilent }: TableView): readonly string[] {
  const keys = 'q: back to the lobby';
  if (game === undefined || game.falling) return ['', keys];
  const result = game.isOver ? [resultOf(game, own, names)] : [];
  if (end !== undefined) return [...result, plainText(end, 60), keys];
  if (game.isOver) return [...result, own === '●' ? `Enter: another game · ${keys}` : keys];
  if (isSilent) return [`${plainText(names[otherOf(own)])} does not answer …`, keys];
  if (game.turn === own) return ['Your turn.', `← →: choose · Enter: drop · ${keys}`];
  return [`${plainText(names[game.turn])} thinks …`, keys];
}

function resultOf({ four, turn }: Game, own: Disc, names: TableView['names']): string {
  if (four.length === 0) return 'The board is full: nobody has won.';
  if (turn === own) return 'Four in a row: you have won!';
  return `Four in a row: ${plainText(names[turn])} has won.`;
}
