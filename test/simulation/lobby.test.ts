import type { Connection, Wake } from '@cablecar/core-protocol';
import { explore, type World } from '@cablecar/simulator';
import { describe, expect, it } from 'vitest';
import { LobbyMachine } from '../../packages/cablecar/src/lobby/lobby-machine.ts';
import type { LobbyInput, Standing } from '../../packages/cablecar/src/lobby/lobby-types.ts';
import { readWord } from '../../packages/cablecar/src/lobby/read-word.ts';
import type { Word } from '../../packages/cablecar/src/lobby/words.ts';
import { Digest } from '../../packages/simulator/src/digest.ts';
import { ScheduleTree } from '../../packages/simulator/src/schedule-tree.ts';

/** Longer than whatever is going on takes. */
const LONG_MS = 10_000;
const PORT = 4_000;

type Act = 'invite' | 'accept' | 'decline' | 'withdraw' | 'expire' | 'leave';

/** What a player may do where things stand so. */
const ACTS: Readonly<Record<Standing['name'] | 'away', readonly Act[]>> = {
  away: [],
  unknown: [],
  present: ['invite'],
  inviting: ['withdraw', 'expire'],
  invited: ['accept', 'decline'],
  accepting: ['withdraw', 'expire'],
  guest: ['leave'],
  host: ['leave'],
};

/** How things may stand at both ends when nothing is on its way. */
const AGREED = [
  'present present',
  'inviting invited',
  'invited inviting',
  'guest host',
  'host guest',
];

/** One player's lobby, by its rules. */
class Player {
  /** Where what it says goes. */
  say: (word: Word) => void = () => {};
  readonly #machine: LobbyMachine;
  readonly #other: string;
  /** Whether the program waits for an answer, and whether it takes itself to be in a match. */
  #isAsking = false;
  #plays = false;
  /** The latest invitations of either: whichever is open is one of them. */
  #given = 0;
  #got = 0;

  constructor(id: string, other: string) {
    this.#other = other;
    const settings = { openness: 'ask', size: 2, inviteTimeoutMs: 1_000 } as const;
    this.#machine = new LobbyMachine({ id, isClassic: false, ...settings });
  }

  get standing(): Standing['name'] | 'away' {
    return this.#machine.standing(this.#other);
  }

  /** What the program may do now. */
  get acts(): readonly Act[] {
    return ACTS[this.standing];
  }

  /** All that may matter to what it does from now on. */
  get state(): string {
    return [this.standing, this.#isAsking, this.#plays, this.#given, this.#got].join();
  }

  /** Whether what the program was told is how things stand. */
  get isTold(): boolean {
    const { standing } = this;
    const isMatched = standing === 'guest' || standing === 'host';
    return this.#plays === isMatched && this.#isAsking === (standing === 'inviting');
  }

  meet(): void {
    this.#feed({ kind: 'met', player: this.#other });
  }

  lose(): void {
    this.#feed({ kind: 'lost', player: this.#other });
  }

  act(act: Act): void {
    const player = this.#other;
    if (act === 'invite' || act === 'accept') this.#isAsking = true;
    if (act === 'invite') this.#feed({ kind: act, player, timeoutMs: 1_000 });
    else if (act === 'accept') this.#feed({ kind: act, player });
    else if (act === 'expire') this.#feed({ kind: 'wake' }, 2_000);
    else this.#feed({ kind: act, player, reason: '' });
  }

  hear(line: string): void {
    const word = readWord(JSON.parse(line));
    if (word === undefined) throw new Error(`${line} is no word`);
    if (word.kind === 'invite') this.#got = word.number;
    this.#feed({ kind: 'heard', player: this.#other, word });
  }

  #feed(input: LobbyInput | Wake, now = 0): void {
    for (const output of this.#machine.handle(input, now)) {
      if (output.kind === 'say') {
        if (output.word.kind === 'invite') this.#given = output.word.number;
        this.say(output.word);
      }
      if (output.kind !== 'event') continue;
      const { kind } = output.event;
      if (kind === 'failed' || kind === 'seated' || kind === 'entered') this.#isAsking = false;
      if (kind === 'seated' || kind === 'entered') this.#plays = true;
      if (kind === 'ended') this.#plays = false;
    }
  }
}

type Pair = readonly [small: Player, large: Player];

const newPair = (): Pair => [new Player('a', 'b'), new Player('b', 'a')];

function expectAgreed(pair: Pair): void {
  const standings = pair.map(({ standing }) => standing).join(' ');
  if (!AGREED.includes(standings) || !pair.every(({ isTold }) => isTold))
    throw new Error(`they end as ${standings}, having been told otherwise`);
}

/** Two and what is on its way between them: each step is an act of one's, or a word that arrives. */
class Table {
  readonly pair: Pair = newPair();
  readonly #underWay: readonly [Word[], Word[]] = [[], []];
  #actsLeft: number;

  constructor(acts: number) {
    this.#actsLeft = acts;
    const [small, large] = this.pair;
    small.say = (word) => void this.#underWay[1].push(word);
    large.say = (word) => void this.#underWay[0].push(word);
    for (const player of this.pair) player.meet();
    for (const at of [0, 1, 0, 1] as const) this.#arrive(at);
  }

  get state(): string {
    return JSON.stringify([this.pair.map(({ state }) => state), this.#underWay, this.#actsLeft]);
  }

  /** Everything that may happen next. */
  steps(): (() => void)[] {
    const arrivals = ([0, 1] as const)
      .filter((at) => this.#underWay[at].length > 0)
      .map((at) => () => this.#arrive(at));
    if (this.#actsLeft === 0) return arrivals;
    const acts = this.pair.flatMap((player) =>
      player.acts.map((act) => () => {
        this.#actsLeft--;
        player.act(act);
      }),
    );
    return [...arrivals, ...acts];
  }

  /** Whether nothing is on its way. */
  get isAtRest(): boolean {
    return this.#underWay.every((words) => words.length === 0);
  }

  #arrive(at: 0 | 1): void {
    const word = this.#underWay[at].shift();
    if (word) this.pair[at].hear(JSON.stringify(word));
  }
}

/** Carries one player's words over a connection. */
function connect(player: Player, connection: Connection): void {
  let text = '';
  player.say = (word) => void connection.write([Buffer.from(`${JSON.stringify(word)}\n`)]);
  connection.attach({
    onChunk: (bytes) => {
      const lines = (text + Buffer.from(bytes).toString()).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) player.hear(line);
    },
    onDrain() {},
    onEnd: () => connection.destroy(),
    onClose: () => player.lose(),
  });
  player.meet();
}

/** Two that see each other on a simulated network. */
async function connectedPair(world: World): Promise<Pair> {
  const pair = newPair();
  const [here, there] = [world.host('small'), world.host('large')];
  const onConnection = (connection: Connection): void => connect(pair[1], connection);
  await world.runUntil(there.transport.listen({ port: PORT, interfaces: 'all', onConnection }));
  const to = { host: there.addresses[0] as string, port: PORT };
  connect(pair[0], await world.runUntil(here.transport.dial(to)));
  await world.runUntil(() => pair.every(({ standing }) => standing === 'present'));
  return pair;
}

/** Does any one thing that can be done now, or nothing. */
function actAnyTime(world: World, player: Player): void {
  world.anyTime(() => {
    const act = player.acts[world.choose(player.acts.length + 1)];
    if (act !== undefined) player.act(act);
  });
}

/** Runs a scenario of two in every order in which its events can happen. */
async function everyOrder(scenario: (world: World, pair: Pair) => Promise<void>): Promise<void> {
  let pair: Pair | undefined;
  const explored = await explore(
    async (world) => {
      pair = undefined;
      pair = await connectedPair(world);
      await scenario(world, pair);
    },
    {
      mergeStates: true,
      maxSchedules: 1_000_000,
      fingerprint: () => (pair ?? []).map(({ state }) => state).join('; '),
    },
  );
  expect(explored.complete).toBe(true);
  report(explored);
}

function report({ states, schedules }: { states: number; schedules: number }): void {
  console.log(
    `${expect.getState().currentTestName}: ${states} states, ${schedules} orders of events, none of them wrong`,
  );
}

describe('the lobbies of two players, in every order of events', { timeout: 300_000 }, () => {
  it.each([2, 4, 6, 8])('agree on what came of up to %i acts', (acts) => {
    const tree = new ScheduleTree({ raceTimers: false, mergeStates: true, maxChoices: 1_000 });
    const reached = new Set<string>();
    let schedules = 0;
    do {
      schedules++;
      const table = new Table(acts);
      for (let steps = table.steps(); steps.length > 0; steps = table.steps()) {
        const step = steps[tree.choose(steps.length, () => digestOf(table.state))];
        if (tree.stopped) break;
        step?.();
        if (!table.isAtRest) continue;
        expectAgreed(table.pair);
        reached.add(table.pair.map(({ standing }) => standing).join(' '));
      }
    } while (tree.advance());
    expect(tree.complete).toBe(true);
    expect([...reached].toSorted()).toEqual([...AGREED].toSorted());
    report({ states: tree.states, schedules });
  });

  it('agree over a network, too', async () => {
    await everyOrder(async (world, pair) => {
      for (const player of [...pair, ...pair]) actAnyTime(world, player);
      await world.run({ forMs: LONG_MS });
      expectAgreed(pair);
    });
  });

  it('are alone where their connection is cut, and have been told so', async () => {
    await everyOrder(async (world, pair) => {
      for (const player of [pair[0], ...pair]) actAnyTime(world, player);
      world.anyTime(() => world.cutConnections());
      await world.run({ forMs: LONG_MS });
      expect(pair.map(({ standing, isTold }) => [standing, isTold])).toEqual([
        ['away', true],
        ['away', true],
      ]);
    });
  });
});

function digestOf(state: string): number {
  const digest = new Digest();
  digest.text(state);
  return digest.value();
}
