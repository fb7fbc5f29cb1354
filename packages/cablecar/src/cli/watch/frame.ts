import { fit, textWidth } from '../text-width.ts';
import type { Terminal } from '../terminal.ts';
import type { PeerRow } from './peer-row.ts';
import { duration, quantity } from './quantity.ts';
import type { ServiceRow } from './service-list.ts';
import { sparkline } from './sparkline.ts';

/** Everything that `watch` shows. */
export interface WatchView {
  readonly service: string;
  readonly name: string;
  readonly peers: readonly PeerRow[];
  readonly services: readonly ServiceRow[];
  /** The oldest first. */
  readonly events: readonly string[];
}

/** The size of a screen. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

interface Column {
  readonly title: string;
  readonly width: number;
  readonly align?: 'right';
  /** What goes first where there is no room: the greatest. */
  readonly rank: number;
  readonly cell: (row: PeerRow) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'NAME', width: 16, rank: 0, cell: ({ name }) => name },
  { title: 'ADDRESS', width: 21, rank: 3, cell: ({ address }) => address },
  {
    ...{ title: 'RTT ms', width: 8, align: 'right', rank: 1 },
    cell: ({ roundTripMs }) => roundTripMs?.toFixed(2) ?? '-',
  },
  { title: '', width: 12, rank: 5, cell: ({ roundTrips }) => sparkline(roundTrips, 12) },
  ...rates('IN', 4, ({ messagesIn, bytesIn }) => [messagesIn, bytesIn]),
  ...rates('OUT', 4, ({ messagesOut, bytesOut }) => [messagesOut, bytesOut]),
  {
    ...{ title: 'QUEUE', width: 6, align: 'right', rank: 6 },
    cell: ({ queue }) => quantity(queue),
  },
  { title: 'STATE', width: 7, rank: 2, cell: ({ state }) => state },
  {
    ...{ title: 'SINCE', width: 5, align: 'right', rank: 7 },
    cell: ({ sinceMs }) => duration(sinceMs),
  },
  { title: 'ROAD', width: 19, rank: 8, cell: ({ road }) => road },
];

const GAP = '  ';

/** The screen, line by line, none longer than it is wide and not more than it is high. */
export function frameOf(
  view: WatchView,
  { columns, rows }: ScreenSize,
  paint: Terminal['paint'],
): string[] {
  const shown = columnsWithin(columns);
  const services = view.services.map((service) => serviceLine(service, columns));
  // The heads and the last line stand; peers come first, then services, events take what is left.
  const room = Math.max(0, rows - 7);
  const peers = view.peers.map((peer) => peerLine(peer, shown, { columns, paint }));
  const most = room - Math.min(services.length, 3) - 3;
  const peerLines = limited(peers, most, columns);
  const serviceLines = limited(services, room - peerLines.length - 3, columns);
  const left = Math.max(0, room - peerLines.length - serviceLines.length);
  const events = view.events.slice(-left || view.events.length).map((event) => fit(event, columns));
  const head = (text: string): string => paint('bold', fit(text, columns));
  const count = `${view.peers.length} peer${view.peers.length === 1 ? '' : 's'}`;
  const lines = [
    head(`cablecar watch · service ${view.service} · as ${view.name} · ${count}`),
    paint('dim', fit(headOf(shown), columns)),
    ...peerLines,
    '',
    head('Services'),
    ...serviceLines,
    '',
    head('Events'),
    ...(left > 0 ? events : []),
  ];
  const body = lines.slice(0, Math.max(0, rows - 1));
  while (body.length < rows - 1) body.push('');
  return [...body, paint('dim', fit('p ping · q quit', columns))].map((line) => line.trimEnd());
}

function rates(
  title: string,
  rank: number,
  read: (row: PeerRow) => readonly [messages: number, bytes: number],
): Column[] {
  return [
    {
      ...{ title: `${title}/s`, width: 6, align: 'right', rank },
      cell: (row) => quantity(read(row)[0]),
    },
    {
      ...{ title: `${title} B/s`, width: 8, align: 'right', rank: rank + 0.5 },
      cell: (row) => quantity(read(row)[1]),
    },
  ];
}

/** As many columns as there is room for, the most important ones, in their order. */
function columnsWithin(width: number): Column[] {
  const kept = new Set<Column>();
  let taken = 0;
  for (const column of [...COLUMNS].sort((one, other) => one.rank - other.rank)) {
    taken += column.width + (kept.size > 0 ? GAP.length : 0);
    if (taken > width && kept.size > 0) break;
    kept.add(column);
  }
  return COLUMNS.filter((column) => kept.has(column));
}

function headOf(shown: readonly Column[]): string {
  return shown.map(({ title, width, align }) => fit(title, width, align)).join(GAP);
}

function peerLine(
  peer: PeerRow,
  shown: readonly Column[],
  { columns, paint }: { readonly columns: number; readonly paint: Terminal['paint'] },
): string {
  const cells = shown.map(({ cell, width, align }) => fit(cell(peer), width, align));
  const line = fit(cells.join(GAP), columns);
  return peer.state === 'suspect' ? paint('yellow', line) : line;
}

function serviceLine({ name, programs, hosts }: ServiceRow, columns: number): string {
  const count = `${programs} program${programs === 1 ? '' : 's'}`;
  const room = Math.max(18, ...[textWidth(name)].filter((width) => width <= 30));
  return fit(`${fit(name, room)}${GAP}${fit(count, 12)}${GAP}${hosts.join(', ')}`, columns);
}

/** The lines that there is room for, one at least; the last one says how many are missing. */
function limited(lines: readonly string[], room: number, columns: number): string[] {
  const most = Math.max(1, room);
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most - 1), fit(`… and ${lines.length - most + 1} more`, columns)];
}
