import { expect, test } from 'vitest';
import { startPython } from '../python/start-python.ts';
import { bundle } from '../support/bundle.ts';
import type { LanHost } from './lan-host.ts';
import type { LanProcess, Line } from './lan-process.ts';
import { describeLan } from './lan.ts';

const WIRES = ['json', 'byte'] as const;
const TIMEOUT = { timeout: 60_000 };

/** Our lobby on a host, in it by then. */
async function lobbyOn(host: LanHost, ...args: readonly string[]): Promise<LanProcess> {
  const lobby = host.spawn(await bundle('test/network/programs/lobby-peer.ts'), args);
  await next(lobby, 'ready');
  return lobby;
}

function next(lobby: LanProcess, kind: string, facts: Line = {}): Promise<Line> {
  const matches = (line: Line): boolean =>
    line['kind'] === kind && Object.entries(facts).every(([key, value]) => line[key] === value);
  const past = lobby.printed.find(matches);
  return past ? Promise.resolve(past) : lobby.next(matches, { timeoutMs: 20_000 });
}

describeLan('a lobby and programs on the Python library', (createLan) => {
  test.each(WIRES)('come together as those do, in %s: ours invites', TIMEOUT, async (wire) => {
    const lan = await createLan(3);
    const [here, there, elsewhere] = lan.hosts as [LanHost, LanHost, LanHost];
    const python = ['broadcast', '--wire', wire, '--identify', '--seconds', '50'];
    const bob = startPython(there, [...python, '--accept']);
    const eve = startPython(elsewhere, python);
    const ada = await lobbyOn(here, wire, 'Ada@home', 'ask');
    for (const id of [there.address(), elsewhere.address()])
      expect((await next(ada, 'update', { id }))['name']).toContain('@');
    ada.tell({ do: 'invite', id: there.address(), timeoutMs: 20_000 });
    expect(await next(ada, 'match')).toMatchObject({ players: [there.address()] });
    expect(await bob.waitFor('match')).toMatchObject({ address: here.address() });
    const identity = { username: 'Ada', hostname: 'home' };
    const told = bob.events.filter(({ event }) => event === 'message');
    expect(told.filter(({ name }) => name === 'MsgJoin')).toHaveLength(1);
    expect(told).toContainEqual(
      expect.objectContaining({ name: 'MsgIdentify', attributes: identity }),
    );
    // Who was not chosen is told, and gone.
    await eve.waitFor('message', ({ name }) => name === 'MsgQuit');
    await next(ada, 'lost', { id: elsewhere.address() });
    ada.tell({ do: 'say', text: 'hello' });
    await bob.waitFor('message', ({ name }) => name === (wire === 'json' ? 'Chat' : 'Raw'));
    ada.tell({ do: 'leave' });
    await bob.waitFor('message', ({ name }) => name === 'MsgQuit');
    await next(ada, 'end');
    await bob.waitFor('end');
    expect(ada.printed.filter(({ kind }) => kind === 'warning')).toEqual([]);
  });

  test.each(WIRES)('come together as those do, in %s: Python invites', TIMEOUT, async (wire) => {
    const lan = await createLan(3);
    const [here, there, elsewhere] = lan.hosts as [LanHost, LanHost, LanHost];
    const ada = await lobbyOn(here, wire, 'Ada@home', 'open');
    const eve = await lobbyOn(elsewhere, wire, 'Eve@home', 'open');
    await next(eve, 'update', { name: 'Ada@home' });
    const args = ['broadcast', '--wire', wire, '--identify', '--seconds', '50'];
    const python = startPython(there, [...args, '--invite', 'Ada', '--goodbye']);
    expect(await python.waitFor('match')).toMatchObject({ address: here.address() });
    const match = { players: [there.address()], host: there.address() };
    expect(await next(ada, 'match')).toMatchObject(match);
    await next(eve, 'lost', { id: here.address() });
    await python.stop();
    await next(ada, 'end');
    await next(ada, 'lost', { id: there.address() });
    expect(eve.printed.filter(({ kind }) => kind === 'match')).toEqual([]);
  });

  test('tells one who does not answer by leaving it', TIMEOUT, async () => {
    const lan = await createLan(2);
    const [here, there] = lan.hosts as [LanHost, LanHost];
    const python = startPython(there, ['broadcast', '--identify', '--seconds', '50']);
    const ada = await lobbyOn(here, 'json', 'Ada@home', 'ask');
    await next(ada, 'player', { id: there.address() });
    ada.tell({ do: 'invite', id: there.address(), timeoutMs: 500 });
    expect(await next(ada, 'failed')).toMatchObject({ code: 'ERR_TIMEOUT' });
    await python.waitFor('message', ({ name }) => name === 'MsgQuit');
    await python.waitFor('end');
  });
});
