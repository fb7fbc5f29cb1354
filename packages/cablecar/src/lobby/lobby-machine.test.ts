import { describe, expect, it } from 'vitest';
import { LobbyMachine } from './lobby-machine.ts';
import { LOBBY_TRANSITIONS } from './lobby-transitions.ts';
import type { LobbyInput, LobbyOutput, LobbySettings } from './lobby-types.ts';
import { OPENNESS, type Openness, type Word } from './words.ts';

type Name = ReturnType<LobbyMachine['standing']>;
type Input = LobbyInput | { readonly kind: 'wake' };

const SETTINGS: LobbySettings = {
  id: 'm',
  openness: 'ask',
  size: 3,
  inviteTimeoutMs: 1_000,
  isClassic: false,
};
const no = { code: 'declined', reason: 'busy' } as const;
const here = { kind: 'here', openness: 'ask', taken: 1, size: 3 } as const;
const invite = (player: string): Input => ({ kind: 'invite', player, timeoutMs: 500 });
const heard = (player: string, word: Word): Input => ({ kind: 'heard', player, word });
const met = (player: string): Input[] => [{ kind: 'met', player }, heard(player, here)];

/** How to get things to stand so with a player, whose invitations have the number 7. Ours is the first: 1. */
const pathTo = (player: string): Record<Name, readonly Input[]> => ({
  away: [],
  unknown: [{ kind: 'met', player }],
  present: met(player),
  inviting: [...met(player), invite(player)],
  invited: [...met(player), heard(player, { kind: 'invite', number: 7 })],
  accepting: [
    ...met(player),
    heard(player, { kind: 'invite', number: 7 }),
    { kind: 'accept', player },
  ],
  guest: [...met(player), invite(player), heard(player, { kind: 'accept', number: 1 })],
  host: [
    ...met(player),
    heard(player, { kind: 'invite', number: 7 }),
    { kind: 'accept', player },
    heard(player, { kind: 'confirm', number: 7, size: 3, players: [player, 'm'] }),
  ],
});

/** The same on a classic wire, where `unknown` and `accepting` are not reached. */
const classicPathTo = (player: string): Record<Name, readonly Input[]> => {
  const met: Input = { kind: 'met', player };
  const join = heard(player, { kind: 'join' });
  const host: Input[] = [met, join, { kind: 'accept', player }];
  return {
    away: [],
    unknown: [],
    present: [met],
    inviting: [met, invite(player)],
    invited: [met, join],
    accepting: [],
    guest: [met, invite(player), join],
    host,
  };
};

const CLASSIC_GUEST: readonly Input[] = [
  { kind: 'met', player: 'b' },
  invite('b'),
  heard('b', { kind: 'join' }),
];

/** A guest that is there before. */
const GUEST: readonly Input[] = [
  ...met('b'),
  invite('b'),
  heard('b', { kind: 'accept', number: 1 }),
];

/** Every input about a player in every flavour that matters, with the time at which it comes. */
const flavours = (player: string): readonly { input: Input; at: number }[] => [
  { input: { kind: 'met', player }, at: 1 },
  { input: { kind: 'lost', player }, at: 1 },
  { input: invite(player), at: 1 },
  { input: { kind: 'accept', player }, at: 1 },
  { input: { kind: 'decline', player, reason: 'busy' }, at: 1 },
  { input: { kind: 'withdraw', player, reason: '' }, at: 1 },
  { input: { kind: 'leave', reason: 'tired' }, at: 1 },
  ...OPENNESS.map((openness) => ({ input: { kind: 'openness', openness } as const, at: 1 })),
  { input: { kind: 'wake' }, at: 1 },
  { input: { kind: 'wake' }, at: 500 },
  { input: { kind: 'wake' }, at: 1_000 },
  { input: heard(player, here), at: 1 },
  { input: heard(player, { kind: 'invite', number: 7 }), at: 1 },
  { input: heard(player, { kind: 'invite', number: 8, answers: 1 }), at: 1 },
  { input: heard(player, { kind: 'accept', number: 1 }), at: 1 },
  { input: heard(player, { kind: 'accept', number: 99 }), at: 1 },
  { input: heard(player, { kind: 'confirm', number: 7, size: 3, players: [player, 'm'] }), at: 1 },
  { input: heard(player, { kind: 'confirm', number: 99, size: 3, players: [] }), at: 1 },
  { input: heard(player, { kind: 'decline', number: 1, ...no }), at: 1 },
  { input: heard(player, { kind: 'decline', number: 99, ...no }), at: 1 },
  { input: heard(player, { kind: 'withdraw', number: 7, ...no }), at: 1 },
  { input: heard(player, { kind: 'withdraw', number: 99, ...no }), at: 1 },
  { input: heard(player, { kind: 'roster', size: 3, players: [player, 'm', 'x'] }), at: 1 },
  { input: heard(player, { kind: 'leave', reason: 'tired' }), at: 1 },
  { input: heard(player, { kind: 'join' }), at: 1 },
];

/** Each wire has its own words. */
const canCome = (input: Input, { isClassic }: { readonly isClassic: boolean }): boolean =>
  input.kind !== 'heard' || isClassic === (input.word.kind === 'join');

const nameOf = (input: Input): string =>
  input.kind === 'heard' ? `heard ${input.word.kind}` : input.kind;

function machine(inputs: readonly Input[], settings: Partial<LobbySettings> = {}): LobbyMachine {
  const made = new LobbyMachine({ ...SETTINGS, ...settings });
  for (const input of inputs) made.handle(input, 0);
  return made;
}

const withdraw = (player: string): Input => ({ kind: 'withdraw', player, reason: '' });

/** What is said, for short. */
function said(outputs: readonly LobbyOutput[]): string[] {
  return outputs.flatMap((output) => {
    if (output.kind !== 'say') return [];
    const { player, word } = output;
    return [player, word.kind, ...detailsOf(word)].join(' ');
  });
}

function detailsOf(word: Word): unknown[] {
  switch (word.kind) {
    case 'here':
      return [word.openness, `${word.taken}/${word.size}`];
    case 'invite':
      return word.answers === undefined ? [word.number] : [word.number, 'answers', word.answers];
    case 'confirm':
      return [word.number, word.players];
    case 'roster':
      return [word.players];
    case 'decline':
    case 'withdraw':
      return [word.number, word.code];
    case 'accept':
      return [word.number];
    default:
      return [];
  }
}

/** What the user is told, for short. */
function events(outputs: readonly LobbyOutput[]): string[] {
  return outputs.flatMap((output) => {
    if (output.kind !== 'event') return [];
    const { event } = output;
    const details = ['player' in event ? event.player : [], 'code' in event ? event.code : []];
    return [event.kind, ...details.flat()].join(' ');
  });
}

const parted = (outputs: readonly LobbyOutput[]): string[] =>
  outputs.flatMap((output) => (output.kind === 'part' ? output.player : []));

describe('LobbyMachine', () => {
  it('walks every cell of the table and no other edge', () => {
    const walked = new Set<string>();
    const legal = new Set<string>();
    for (const [from, row] of Object.entries(LOBBY_TRANSITIONS))
      for (const [kind, targets] of Object.entries(row))
        for (const to of targets) legal.add(`${from} -${kind}-> ${to}`);
    for (const player of ['a', 'z']) {
      const settings = [false, true].flatMap((isClassic) => [
        { isClassic, size: 2 },
        ...OPENNESS.map((openness) => ({ isClassic, openness })),
      ]);
      for (const from of Object.keys(pathTo(player)) as Name[]) {
        for (const setting of settings) {
          const path = setting.isClassic ? classicPathTo(player)[from] : pathTo(player)[from];
          for (const before of [[], setting.isClassic ? CLASSIC_GUEST : GUEST]) {
            for (const { input, at } of flavours(player)) {
              const tried = machine([...before, ...path], setting);
              if (tried.standing(player) !== from || !canCome(input, setting)) continue;
              tried.handle(input, at);
              walked.add(`${from} -${nameOf(input)}-> ${tried.standing(player)}`);
            }
          }
        }
      }
    }
    expect([...walked].sort()).toEqual([...legal].sort());
  });

  it('shows itself to who is met, and to everybody when that changes', () => {
    const lobby = machine([...met('a'), ...met('b')]);
    expect(said(lobby.handle({ kind: 'openness', openness: 'closed' }, 1))).toEqual([
      'a here closed 1/3',
      'b here closed 1/3',
    ]);
    expect(said(lobby.handle({ kind: 'openness', openness: 'closed' }, 1))).toEqual([]);
    expect(said(lobby.handle({ kind: 'met', player: 'c' }, 1))).toEqual(['c here closed 1/3']);
    const host = machine([...met('a'), ...GUEST]);
    expect(said(host.handle(heard('b', { kind: 'leave', reason: '' }), 1))).toEqual([
      'a here ask 1/3',
      'b here ask 1/3',
    ]);
  });

  it('answers by itself where the player is open, takes no invitations, or has no place', () => {
    const answer = (openness: Openness, before: readonly Input[] = [], size = 3): string[] =>
      said(
        machine([...met('a'), ...before], { openness, size }).handle(
          heard('a', { kind: 'invite', number: 7 }),
          1,
        ),
      );
    expect(answer('open')).toEqual(['a accept 7']);
    expect(answer('ask')).toEqual([]);
    expect(answer('invite-only')).toEqual(['a decline 7 declined']);
    expect(answer('closed')).toEqual(['a decline 7 declined']);
    expect(answer('open', GUEST)).toEqual(['a invite 2 answers 7']);
    expect(answer('open', GUEST, 2)).toEqual(['a decline 7 full']);
    expect(answer('open', pathTo('c').host)).toEqual(['a decline 7 full']);
  });

  it('gives way to the smaller id where invitations cross, and takes its own back', () => {
    const cross: Input = heard('a', { kind: 'invite', number: 7 });
    const larger = machine([...met('a'), invite('a')]);
    expect(said(larger.handle(cross, 1))).toEqual(['a withdraw 1 withdrawn', 'a accept 7']);
    const smaller = machine([...met('a'), invite('a')], { id: '0' });
    expect(smaller.handle(cross, 1)).toEqual([]);
    expect(smaller.standing('a')).toBe('inviting');
  });

  it('has who invites a host come to that host, also where it would have given way', () => {
    const lobby = machine([...met('z'), invite('z')]);
    const come = heard('z', { kind: 'invite', number: 9, answers: 1 });
    expect(said(lobby.handle(come, 1))).toEqual(['z withdraw 1 withdrawn', 'z accept 9']);
    const regrets = machine([...met('z'), invite('z'), withdraw('z')]);
    expect(said(regrets.handle(come, 1))).toEqual(['z decline 9 withdrawn']);
    const hosts = machine([...GUEST, ...met('z'), invite('z')]);
    const both = heard('z', { kind: 'invite', number: 9, answers: 2 });
    expect(said(hosts.handle(both, 1))).toEqual(['z decline 9 full']);
  });

  it('lets its counter-invitation stand against another invitation', () => {
    const asked = [...GUEST, ...met('a'), heard('a', { kind: 'invite', number: 7 })];
    const lobby = machine([...asked, { kind: 'accept', player: 'a' }]);
    expect(lobby.handle(heard('a', { kind: 'invite', number: 8 }), 1)).toEqual([]);
    expect(lobby.standing('a')).toBe('inviting');
  });

  it('seats no more than there are places, and tells the others', () => {
    const lobby = machine(
      [...met('a'), ...met('b'), ...met('c'), invite('a'), invite('b'), invite('c')],
      { size: 3 },
    );
    const first = lobby.handle(heard('a', { kind: 'accept', number: 1 }), 1);
    expect(said(first).slice(0, 1)).toEqual(['a confirm 1 m,a']);
    const second = lobby.handle(heard('b', { kind: 'accept', number: 2 }), 1);
    expect(said(second).slice(0, 3)).toEqual([
      'b confirm 2 m,a,b',
      'a roster m,a,b',
      'c withdraw 3 full',
    ]);
    expect(events(second)).toEqual(['seated b', 'failed c full']);
    expect(lobby.handle(heard('c', { kind: 'accept', number: 3 }), 1)).toEqual([]);
    expect(events(lobby.handle(invite('c'), 1))).toEqual(['failed c full']);
  });

  it('ends the game with its host or its last guest, and not before', () => {
    const lobby = machine([...GUEST, ...met('a'), invite('a')]);
    lobby.handle(heard('a', { kind: 'accept', number: 2 }), 1);
    const goes = lobby.handle({ kind: 'lost', player: 'b' }, 1);
    expect(events(goes)).toEqual(['unseated b', 'player:lost b']);
    expect(said(goes)).toContain('a roster m,a');
    const last = lobby.handle(heard('a', { kind: 'leave', reason: '' }), 1);
    expect(events(last)).toEqual(['unseated a', 'ended']);
    const guest = machine(pathTo('a').host);
    expect(events(guest.handle({ kind: 'lost', player: 'a' }, 1))).toEqual([
      'ended',
      'player:lost a',
    ]);
    expect(guest.roster.players).toEqual(['m']);
  });

  it('takes an invitation back when its time is over, and not before', () => {
    const lobby = machine([...met('a'), ...met('b')]);
    lobby.handle({ kind: 'invite', player: 'a', timeoutMs: 500 }, 0);
    lobby.handle({ kind: 'invite', player: 'b', timeoutMs: 400 }, 0);
    expect(lobby.nextDeadline()).toBe(400);
    expect(lobby.handle({ kind: 'wake' }, 399)).toEqual([]);
    expect(said(lobby.handle({ kind: 'wake' }, 400))).toEqual(['b withdraw 2 timeout']);
    expect(lobby.nextDeadline()).toBe(500);
    expect(events(lobby.handle({ kind: 'wake' }, 500))).toEqual(['failed a timeout']);
    expect(lobby.nextDeadline()).toBeUndefined();
  });

  it('does not wait for ever for a confirmation', () => {
    const lobby = machine(pathTo('a').accepting, { openness: 'open' });
    expect(lobby.nextDeadline()).toBe(1_000);
    const late = lobby.handle({ kind: 'wake' }, 1_000);
    expect([said(late), events(late)]).toEqual([['a leave'], ['failed a timeout']]);
  });

  it('accepts one invitation at a time and takes its own back; the others are off once it is in', () => {
    const lobby = machine([
      ...pathTo('a').invited,
      ...pathTo('b').invited,
      ...met('c'),
      invite('c'),
    ]);
    const accepts = lobby.handle({ kind: 'accept', player: 'a' }, 1);
    expect(said(accepts)).toEqual(['a accept 7', 'c withdraw 1 withdrawn']);
    expect(events(lobby.handle({ kind: 'accept', player: 'b' }, 1))).toEqual(['failed b full']);
    expect(lobby.standing('b')).toBe('invited');
    const enters = heard('a', { kind: 'confirm', number: 7, size: 3, players: ['a', 'm'] });
    expect(events(lobby.handle(enters, 1))).toEqual(['entered a', 'invitation:off b full']);
  });

  it('parts with everybody else on a classic wire once it plays', () => {
    const classic = { isClassic: true, size: 2 };
    const players: Input[] = ['a', 'b', 'c'].map((player) => ({ kind: 'met', player }));
    const host = machine([...players, invite('a')], classic);
    const joined = host.handle(heard('a', { kind: 'join' }), 1);
    expect(parted(joined)).toEqual(['b', 'c']);
    const guest = machine([...players, heard('a', { kind: 'join' })], classic);
    const accepted = guest.handle({ kind: 'accept', player: 'a' }, 1);
    expect(parted(accepted)).toEqual(['b', 'c']);
    expect(guest.roster.players).toEqual(['a', 'm']);
  });

  it('has three agree, whatever they do in whatever order', () => {
    const rested = new Set<string>();
    for (let seed = 1; seed <= 4_000; seed++) {
      const party = new Party(seed, seed % 2 === 0 ? 2 : 3);
      for (let step = 0; step < 40; step++) party.act();
      party.rest();
      for (const standing of party.standings()) rested.add(standing);
      expect(party.flaws(), `seed ${seed}`).toEqual([]);
    }
    expect([...rested].sort()).toEqual([...AT_REST].sort());
  });
});

/** How things may stand at both ends when nothing is on its way. */
const AT_REST = new Set([
  'present present',
  'inviting invited',
  'invited inviting',
  'guest host',
  'host guest',
]);

/** Three lobbies, and what is on its way between them. */
class Party {
  readonly #ids = ['a', 'b', 'c'];
  readonly #machines = new Map<string, LobbyMachine>();
  readonly #underWay = new Map<string, Word[]>();
  #seed: number;
  #now = 0;

  constructor(seed: number, size: number) {
    this.#seed = seed;
    for (const id of this.#ids) this.#machines.set(id, new LobbyMachine({ ...SETTINGS, id, size }));
    for (const id of this.#ids)
      for (const player of this.#ids) if (id !== player) this.#feed(id, { kind: 'met', player });
    this.rest();
  }

  /** One of them does something, or hears something. */
  act(): void {
    this.#now += this.#choose(20);
    const id = this.#ids[this.#choose(3)]!;
    if (this.#choose(2) === 0) return this.#hear(id, this.#ids[this.#choose(3)]!);
    const player = this.#ids[this.#choose(3)]!;
    const acts: readonly Input[] = [
      { kind: 'invite', player, timeoutMs: 100 },
      { kind: 'invite', player, timeoutMs: 100 },
      { kind: 'accept', player },
      { kind: 'accept', player },
      { kind: 'decline', player, reason: '' },
      { kind: 'withdraw', player, reason: '' },
      { kind: 'leave', reason: '' },
      { kind: 'openness', openness: OPENNESS[this.#choose(4)] as Openness },
      { kind: 'wake' },
    ];
    this.#feed(id, acts[this.#choose(acts.length)]!);
  }

  /** Everything arrives. */
  rest(): void {
    while ([...this.#underWay.values()].some((words) => words.length > 0))
      this.#hear(this.#ids[this.#choose(3)]!, this.#ids[this.#choose(3)]!);
  }

  standings(): string[] {
    return this.#ids.flatMap((id) =>
      this.#ids.filter((player) => player !== id).map((player) => this.#pair(id, player)),
    );
  }

  /** What they do not agree on. */
  flaws(): string[] {
    const wrong = this.standings().filter((pair) => !AT_REST.has(pair));
    for (const [id, { roster }] of this.#machines) {
      if (roster.players.length > roster.size) wrong.push(`${id} has too many`);
      for (const player of roster.players) {
        const theirs = this.#machines.get(player)!.roster.players;
        if ([...theirs].sort().join() !== [...roster.players].sort().join())
          wrong.push(`${id} plays with ${roster.players.join()}, ${player} with ${theirs.join()}`);
      }
    }
    return wrong;
  }

  #pair(id: string, player: string): string {
    const standing = (one: string, other: string): Name => this.#machines.get(one)!.standing(other);
    return `${standing(id, player)} ${standing(player, id)}`;
  }

  #hear(id: string, player: string): void {
    const word = this.#underWay.get(`${player} ${id}`)?.shift();
    if (word) this.#feed(id, heard(player, word));
  }

  #feed(id: string, input: Input): void {
    for (const output of this.#machines.get(id)!.handle(input, this.#now)) {
      if (output.kind !== 'say') continue;
      const way = `${id} ${output.player}`;
      this.#underWay.set(way, [...(this.#underWay.get(way) ?? []), output.word]);
    }
  }

  #choose(below: number): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return this.#seed % below;
  }
}
