import { jsonMessage, type ErrorCode } from '@cablecar/core-protocol';
import { World, type NetworkOptions } from '@cablecar/simulator';
import { describe, expect, it } from 'vitest';
import { join } from '../join.ts';
import type { Invitation } from './invitation.ts';
import { joinLobby } from './join-lobby.ts';
import type { Lobby } from './lobby.ts';
import type { Match } from './match.ts';
import type { LobbyOptions } from './options.ts';
import type { Player } from './player.ts';

class Chat extends jsonMessage('Chat')<{ text: string }> {}

const messages = [Chat] as const;
type Party = Lobby<Chat>;
type Options = Omit<LobbyOptions<typeof messages>, 'messages' | 'transport'>;

const LAN: NetworkOptions = { delayMs: [1, 5] };
const code = (expected: ErrorCode): Error => expect.objectContaining({ code: expected });

function enter(world: World, name: string, options: Options = {}): Promise<Party> {
  const host = world.hosts.find((one) => one.name === name) ?? world.host(name);
  const { transport } = host;
  return world.runUntil(joinLobby({ name, ...options, messages, transport }));
}

/** Lobbies, each on a host of its own, that all see each other. */
async function gather(
  names: readonly string[],
  options: Options = {},
  seed = 1,
): Promise<{ world: World; lobbies: readonly Party[] }> {
  const world = new World({ seed, network: LAN });
  const lobbies: Party[] = [];
  for (const name of names) lobbies.push(await enter(world, name, options));
  await world.runUntil(() => lobbies.every(({ players }) => players.size === names.length - 1));
  return { world, lobbies };
}

async function two(options: Options = {}): Promise<{ world: World; ada: Party; bob: Party }> {
  const { world, lobbies } = await gather(['ada', 'bob'], options);
  const [ada, bob] = lobbies as [Party, Party];
  return { world, ada, bob };
}

async function three(
  options: Options = {},
): Promise<{ world: World; ada: Party; bob: Party; eve: Party }> {
  const { world, lobbies } = await gather(['ada', 'bob', 'eve'], options);
  const [ada, bob, eve] = lobbies as [Party, Party, Party];
  return { world, ada, bob, eve };
}

/** How one sees another. */
function see(lobby: Party, name: string): Player<Chat> {
  const found = [...lobby.players.values()].find((player) => player.name === name);
  if (!found) throw new Error(`${lobby.mesh.name} does not see ${name}`);
  return found;
}

const namesIn = (match: Match<Chat> | undefined): string[] =>
  (match?.players ?? []).map(({ name }) => name).toSorted();
const accepting = (lobby: Party): void =>
  void lobby.on('invitation', (invitation) => void invitation.accept());

/** The next invitation that a lobby gets. */
function invitationOf(lobby: Party): Promise<Invitation<Chat>> {
  return new Promise((resolve) => void lobby.once('invitation', resolve));
}

describe('Lobby', () => {
  it('shows who is there, how open, and how full, and what changes', async () => {
    const { world, ada, bob, eve } = await three({ size: 3 });
    const told: string[] = [];
    eve.on('player:update', ({ name, openness, taken, size, metadata }) => {
      told.push(`${name} ${openness} ${taken} of ${size} ${JSON.stringify(metadata)}`);
    });
    accepting(bob);
    await world.runUntil(ada.invite(see(ada, 'bob')));
    await world.run({ forMs: 100 });
    expect(told.toSorted()).toEqual(['ada ask 2 of 3 {}', 'bob ask 2 of 3 {}']);
    ada.setOpenness('invite-only');
    ada.setMetadata({ map: 'harbour' });
    await world.runUntil(() => told.length === 4);
    expect(told.slice(2).toSorted()).toEqual([
      'ada invite-only 2 of 3 {"map":"harbour"}',
      'ada invite-only 2 of 3 {}',
    ]);
  });

  it('does not see programs of the service that have no lobby, and disturbs none of them', async () => {
    const { world, ada } = await two();
    const warnings: string[] = [];
    const { transport } = world.host('eve');
    const eve = await world.runUntil(join({ name: 'eve', messages, transport }));
    eve.on('warning', (error) => warnings.push(error.message));
    const heard: string[] = [];
    eve.on('peer', (peer) => peer.on('message', (message) => heard.push(message.text)));
    await world.runUntil(() => ada.mesh.peers.size === 2 && eve.peers.size === 2);
    ada.mesh.broadcast(new Chat({ text: 'hi' }));
    await world.run({ forMs: 1_000 });
    expect(ada.players.size).toBe(1);
    expect(heard).toEqual(['hi']);
    expect(warnings.filter((warning) => !warning.includes('cablecar.lobby'))).toEqual([]);
  });

  it('brings two together, whose messages go beside its own', async () => {
    const { world, ada, bob } = await two();
    const invited = invitationOf(bob);
    const asking = ada.invite(see(ada, 'bob'));
    const invitation = await world.runUntil(invited);
    expect(invitation.from.name).toBe('ada');
    expect([...bob.invitations.values()]).toEqual([invitation]);
    const [here, there] = await world.runUntil(Promise.all([asking, invitation.accept()]));
    expect([here.host, there.host?.name]).toEqual([undefined, 'ada']);
    expect([namesIn(here), namesIn(there)]).toEqual([['bob'], ['ada']]);
    expect([ada.match, bob.match]).toEqual([here, there]);
    expect(bob.invitations.size).toBe(0);
    const reading = there.players[0]!.peer[Symbol.asyncIterator]();
    here.players[0]!.peer.send(new Chat({ text: 'your move' }));
    here.leave('tired');
    const next = await world.runUntil(reading.next());
    expect((next.value as Chat).text).toBe('your move');
  });

  it('leaves both in the lobby when a match ends, to play again', async () => {
    const { world, ada, bob } = await two({ openness: 'open' });
    for (let round = 0; round < 3; round++) {
      const ends: string[] = [];
      bob.once('match', (match) => match.on('end', ({ reason }) => ends.push(reason)));
      const match = await world.runUntil(ada.invite(see(ada, 'bob')));
      match.on('end', ({ reason }) => ends.push(reason));
      await world.runUntil(() => bob.match !== undefined);
      match.leave('enough');
      match.leave();
      await world.runUntil(() => bob.match === undefined);
      expect(ends).toEqual(['enough', 'enough']);
      expect([match.ended, ada.match, ada.players.size, bob.players.size]).toEqual([
        true,
        undefined,
        1,
        1,
      ]);
    }
  });

  it('has invitations that cross lead to one match', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { world, lobbies } = await gather(['ada', 'bob'], {}, seed);
      const [ada, bob] = lobbies as [Party, Party];
      const both = Promise.all([ada.invite(see(ada, 'bob')), bob.invite(see(bob, 'ada'))]);
      const [here, there] = await world.runUntil(both);
      expect([namesIn(here), namesIn(there)]).toEqual([['bob'], ['ada']]);
      expect([here.host, there.host].filter(Boolean)).toHaveLength(1);
    }
  });

  it('says why nothing came of an invitation', async () => {
    const { world, ada, bob } = await two();
    const bobs = see(ada, 'bob');
    const offs: string[] = [];
    bob.on('invitation:off', ({ code: why }) => offs.push(why));
    bob.once('invitation', (invitation) => invitation.decline('no time'));
    const declined = world.runUntil(ada.invite(bobs));
    await expect(declined).rejects.toEqual(code('ERR_INVITATION_DECLINED'));
    await expect(declined).rejects.toThrow('no time');

    const late = world.runUntil(ada.invite(bobs, { timeoutMs: 500 }));
    await expect(late).rejects.toEqual(code('ERR_TIMEOUT'));

    const abort = new AbortController();
    const seen = invitationOf(bob);
    const aborted = ada.invite(bobs, { signal: abort.signal });
    const invitation = await world.runUntil(seen);
    abort.abort(new Error('changed my mind'));
    await expect(aborted).rejects.toThrow('changed my mind');
    await world.runUntil(() => bob.invitations.size === 0);
    await expect(invitation.accept()).rejects.toEqual(code('ERR_INVITATION_WITHDRAWN'));

    const withdrawn = ada.invite(bobs);
    await expect(ada.invite(bobs)).rejects.toEqual(code('ERR_STATE'));
    ada.withdraw(bobs);
    await expect(withdrawn).rejects.toEqual(code('ERR_INVITATION_WITHDRAWN'));

    bob.setOpenness('invite-only');
    const shut = world.runUntil(ada.invite(bobs));
    await expect(shut).rejects.toEqual(code('ERR_INVITATION_DECLINED'));

    bob.setOpenness('ask');
    const left = ada.invite(bobs);
    await world.runUntil(() => bob.invitations.size === 1);
    await world.runUntil(
      Promise.all([bob.close(), expect(left).rejects.toEqual(code('ERR_PLAYER_LEFT'))]),
    );
    await expect(ada.invite(bobs)).rejects.toEqual(code('ERR_PLAYER_LEFT'));
    expect(offs).toEqual(['declined', 'timeout', 'withdrawn', 'left']);
  });

  it('has an acceptance fail that comes too late', async () => {
    const { world, ada, bob } = await two();
    const seen = invitationOf(bob);
    const asking = ada.invite(see(ada, 'bob'));
    const invitation = await world.runUntil(seen);
    const accepted = invitation.accept();
    ada.withdraw(see(ada, 'bob'));
    await expect(asking).rejects.toEqual(code('ERR_INVITATION_WITHDRAWN'));
    await expect(world.runUntil(accepted)).rejects.toEqual(code('ERR_INVITATION_WITHDRAWN'));
    expect([ada.match, bob.match]).toEqual([undefined, undefined]);
  });

  it('fills a match up to its size, and takes back what is open', async () => {
    const { world, lobbies } = await gather(['ada', 'bob', 'eve', 'max'], { size: 3 });
    const [ada, bob, eve, max] = lobbies as [Party, Party, Party, Party];
    const joins: string[] = [];
    bob.on('match', (match) => match.on('join', ({ name }) => joins.push(name)));
    for (const lobby of [bob, eve]) accepting(lobby);
    const asked = ['bob', 'eve', 'max'].map((name) => ada.invite(see(ada, name)));
    const [first, second, third] = await world.runUntil(Promise.allSettled(asked));
    expect(first).toMatchObject({ status: 'fulfilled', value: ada.match });
    expect(second).toMatchObject({ status: 'fulfilled', value: ada.match });
    expect(third).toMatchObject({ status: 'rejected', reason: code('ERR_LOBBY_FULL') });
    await world.run({ forMs: 100 });
    expect(max.invitations.size).toBe(0);
    expect([ada, bob, eve].map(({ match }) => namesIn(match))).toEqual([
      ['bob', 'eve'],
      ['ada', 'eve'],
      ['ada', 'bob'],
    ]);
    expect(joins.length).toBeLessThanOrEqual(1);
    expect([see(max, 'ada').taken, see(max, 'ada').size]).toEqual([3, 3]);
    await expect(world.runUntil(max.invite(see(max, 'ada')))).rejects.toEqual(
      code('ERR_LOBBY_FULL'),
    );
    await expect(world.runUntil(max.invite(see(max, 'bob')))).rejects.toEqual(
      code('ERR_LOBBY_FULL'),
    );
    // A place that is free again is seen, and can be asked for.
    eve.match?.leave();
    await world.runUntil(() => see(max, 'ada').taken === 2);
    accepting(ada);
    const come = await world.runUntil(max.invite(see(max, 'ada')));
    expect([come.host?.name, namesIn(come)]).toEqual(['ada', ['ada', 'bob']]);
  });

  it('ends the match where its host crashes, and meets the host again when it has restarted', async () => {
    const { world, ada, bob, eve } = await three({ openness: 'open', size: 3 });
    const asked = ['bob', 'eve'].map((name) => ada.invite(see(ada, name)));
    await world.runUntil(Promise.all(asked));
    await world.runUntil(() => namesIn(bob.match).length === 2 && namesIn(eve.match).length === 2);
    const ends: string[] = [];
    for (const { match } of [bob, eve]) match?.on('end', ({ reason }) => ends.push(reason));
    const former = see(bob, 'ada');
    const host = world.hosts.find(({ name }) => name === 'ada')!;
    host.crash({ sockets: 'vanish' });
    await world.runUntil(() => ends.length === 2);
    expect([bob.match, eve.match]).toEqual([undefined, undefined]);
    expect([...bob.players.values()].map(({ name }) => name)).toEqual(['eve']);
    await expect(bob.invite(former)).rejects.toEqual(code('ERR_PLAYER_LEFT'));
    host.restart();
    const again = await enter(world, 'ada', { openness: 'open', size: 3 });
    await world.runUntil(() => bob.players.size === 2 && again.players.size === 2);
    const match = await world.runUntil(bob.invite(see(bob, 'ada')));
    expect(namesIn(match)).toEqual(['ada']);
    expect(see(bob, 'ada')).not.toBe(former);
  });

  it('keeps a match while the connection is lost and found again', async () => {
    const { world, ada, bob } = await two({ openness: 'open' });
    await world.runUntil(ada.invite(see(ada, 'bob')));
    world.cutConnections();
    await world.run({ forMs: 5_000 });
    expect([namesIn(ada.match), namesIn(bob.match)]).toEqual([['bob'], ['ada']]);
  });

  it('closes with a word to everybody, and leaves nothing open', async () => {
    const { world, ada, bob } = await two({ openness: 'open' });
    const closes: string[] = [];
    ada.on('close', () => closes.push('ada'));
    await world.runUntil(ada.invite(see(ada, 'bob')));
    await world.runUntil(() => bob.match !== undefined);
    await world.runUntil(Promise.all([ada.close(), ada.close()]));
    await world.runUntil(() => bob.players.size === 0);
    expect([ada.match, bob.match, closes]).toEqual([undefined, undefined, ['ada']]);
    await world.runUntil(bob.close());
    expect(world.openHandles()).toEqual([]);
  });

  it('refuses bad options at the call', async () => {
    const { transport } = new World().host('ada');
    const wrong = [
      [{ size: 1 }, /size is 1, expected a whole number from 2 to 64/],
      [{ openness: 'shy' as never }, /openness is shy, expected open, ask, invite-only, closed/],
      [{ inviteTimeoutMs: 0 }, /inviteTimeoutMs is 0, expected a whole number from 1 to/],
    ] as const;
    for (const [options, sentence] of wrong) {
      const joining = joinLobby({ transport, ...options });
      await expect(joining).rejects.toThrow(sentence);
    }
    const { world, ada } = await two();
    const timeless = ada.invite(see(ada, 'bob'), { timeoutMs: Infinity });
    await expect(timeless).rejects.toEqual(code('ERR_OPTION'));
    expect(() => ada.setOpenness('shy' as never)).toThrow(code('ERR_OPTION'));
    await world.runUntil(ada.close());
  });
});

describe('Lobby on a classic wire', () => {
  const wire = 'classic-json';

  it('identifies itself, brings two together by MsgJoin, and parts with the others', async () => {
    const { world, ada, bob, eve } = await three({ wire });
    await world.runUntil(() =>
      ['bob', 'eve'].every((name) =>
        [...ada.players.values()].some((one) => one.name.startsWith(name)),
      ),
    );
    const bobs = [...ada.players.values()].find(({ name }) => name.startsWith('bob'))!;
    accepting(bob);
    const match = await world.runUntil(ada.invite(bobs));
    expect(namesIn(match)).toHaveLength(1);
    await world.runUntil(() => bob.match !== undefined);
    await world.runUntil(() => ada.players.size === 1 && bob.players.size === 1);
    expect(eve.match).toBeUndefined();
    match.players[0]?.peer.send(new Chat({ text: 'hi' }));
    match.leave();
    await world.runUntil(() => bob.match === undefined && bob.players.size === 0);
  });

  it('has invitations that cross lead to a match', async () => {
    const { world, ada, bob } = await two({ wire });
    const [here] = ada.players.values();
    const [there] = bob.players.values();
    const [one, other] = await world.runUntil(Promise.all([ada.invite(here!), bob.invite(there!)]));
    expect([one.players, other.players]).toEqual([[here], [there]]);
  });

  it('declines, withdraws and gives up by parting', async () => {
    const { world, ada, bob } = await two({ wire });
    bob.once('invitation', (invitation) => invitation.decline());
    const declined = world.runUntil(ada.invite([...ada.players.values()][0]!));
    await expect(declined).rejects.toEqual(code('ERR_PLAYER_LEFT'));
    await world.runUntil(() => bob.players.size === 0);
  });
});
