/** What a page of the arena keeps when it records. */
export interface Recording {
  /** Where the page's own ship truly was: time, x, y. */
  readonly flown: readonly (readonly [at: number, x: number, y: number])[];
  /** What was drawn in each frame: each ship's name, the moment that is shown of it, x, y. */
  readonly drawn: readonly {
    readonly now: number;
    readonly ships: readonly (readonly [name: string, shownAt: number, x: number, y: number])[];
  }[];
}

/** How a ship looked from afar. */
export interface Flight {
  /** Frames in which it was drawn. */
  readonly frames: number;
  /** How far it truly went meanwhile, in units. */
  readonly distance: number;
  /** How far from where it truly was at the moment shown it was drawn, in units, in ascending order. */
  readonly errors: readonly number[];
  /** How far from where it truly was at the moment of drawing, in units, in ascending order. */
  readonly distances: readonly number[];
  /** How long ago that moment was, in milliseconds, in ascending order. */
  readonly behind: readonly number[];
  /** How long each frame of the page took, in milliseconds, in ascending order. */
  readonly frameTimes: readonly number[];
}

type Position = Recording['flown'][number];

/** Compares what one page drew of a ship with what the ship's own page knows of it. */
export function compare(name: string, { drawn }: Recording, { flown }: Recording): Flight {
  const sights = drawn.flatMap(({ now, ships }) => {
    const ship = ships.find(([called]) => called === name);
    if (ship === undefined) return [];
    const [, shownAt, x, y] = ship;
    const [then, meanwhile] = [positionAt(flown, shownAt), positionAt(flown, now)];
    if (then === undefined || meanwhile === undefined) return []; // the recordings begin and end at different moments
    return [
      { now, shownAt, error: apart([now, x, y], then), distance: apart([now, x, y], meanwhile) },
    ];
  });
  const from = sights[0]?.shownAt ?? 0;
  const to = sights.at(-1)?.shownAt ?? 0;
  const path = flown.filter(([at]) => at >= from && at <= to);
  const times = drawn.slice(1).map(({ now }, frame) => now - drawn[frame]!.now);
  return {
    frames: sights.length,
    distance: path.slice(1).reduce((sum, position, step) => sum + apart(position, path[step]!), 0),
    errors: ascending(sights.map(({ error }) => error)),
    distances: ascending(sights.map(({ distance }) => distance)),
    behind: ascending(sights.map(({ now, shownAt }) => now - shownAt)),
    frameTimes: ascending(times),
  };
}

/** Where a ship was at a moment, between the two that are known around it. */
function positionAt(flown: readonly Position[], moment: number): Position | undefined {
  const next = flown.findIndex(([at]) => at >= moment);
  const [from, to] = [flown[next - 1], flown[next]];
  if (from === undefined || to === undefined) return undefined;
  const part = (moment - from[0]) / (to[0] - from[0]);
  return [moment, from[1] + part * (to[1] - from[1]), from[2] + part * (to[2] - from[2])];
}

function apart([, x, y]: Position, [, otherX, otherY]: Position): number {
  return Math.hypot(x - otherX, y - otherY);
}

function ascending(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}
