import { expect, test } from 'vitest';
import { commandLine, startCablecar } from '../support/command.ts';
import type { Program } from '../support/program.ts';
import { skipWithout } from '../support/skip-without.ts';
import { TmuxTerminal } from '../support/tmux.ts';
import type { LanHost } from './lan-host.ts';
import { describeLan } from './lan.ts';

function listen({ inside }: LanHost, name: string): Promise<Program> {
  return startCablecar(['listen', '--name', name], { inside });
}

async function watch(host: LanHost): Promise<TmuxTerminal> {
  const command = [...host.inside, ...(await commandLine(['watch', '--name', 'ada']))];
  return TmuxTerminal.open(command, { columns: 130, rows: 24 });
}

/** The line of a peer in the table. */
function rowOf(text: string, name: string): string {
  const [table = ''] = text.split('\nServices');
  return table.split('\n').find((line) => line.startsWith(`${name} `)) ?? '';
}

describeLan('cablecar watch in a terminal', (createLan) => {
  test('shows three peers live, one of which leaves, and gives the terminal back', async ({
    skip,
  }) => {
    skipWithout('tmux', skip);
    const lan = await createLan(4);
    const others = lan.hosts.slice(1) as [LanHost, LanHost, LanHost];
    const names = ['bob', 'cleo', 'dan'];
    const [bob, cleo] = await Promise.all([listen(others[0], 'bob'), listen(others[1], 'cleo')]);
    const input = 'while sleep 0.01; do echo 1; done';
    await startCablecar(['send', '--name', 'dan'], { input, inside: others[2].inside });
    const terminal = await watch(lan.host(0));

    const full = await terminal.shows(
      (text) =>
        names.every((name) => /\d+\.\d\d +[▁▂▃▄▅▆▇█].* alive /.test(rowOf(text, name))) &&
        /default +3 programs/.test(text),
    );
    for (const [index, name] of names.entries()) {
      expect(rowOf(full, name)).toContain(others[index]!.address());
    }
    expect(full).toContain('service default · as ada · 3 peers');

    await terminal.shows((text) =>
      /[▁-█]\s+[1-9][\d.]*k?\s+[1-9][\d.]*k?\s+0\s+0\s/.test(rowOf(text, 'dan')),
    );

    terminal.press('p');
    const pinged = await terminal.shows((text) =>
      names.every((name) => text.includes(`ping ${name}: `)),
    );
    expect(pinged).toMatch(/ping cleo: \d+\.\d{3} ms/);

    await cleo.stop();
    const left = await terminal.shows(
      (text) => rowOf(text, 'cleo') === '' && /cleo \(.*\) left: goodbye/.test(text),
    );
    expect(left).toContain('2 peers');
    if (process.env['SHOW_CAPTURE']) console.log(left);

    bob.signal('SIGSTOP');
    await terminal.shows((text) => rowOf(text, 'bob').includes('suspect'));
    bob.signal('SIGCONT');
    await terminal.shows((text) => rowOf(text, 'bob').includes('alive'));

    terminal.resize({ columns: 60, rows: 16 });
    const small = await terminal.shows(
      (text) =>
        text.split('\n').includes('p ping · q quit') &&
        !text.includes('ROAD') &&
        rowOf(text, 'dan').includes('alive'),
    );
    expect(small.split('\n').filter((line) => line.includes('NAME'))).toHaveLength(1);

    terminal.press('q');
    await terminal.ended();
  });

  test('prints JSON where it is piped', async () => {
    const lan = await createLan(2);
    const [ada, bob] = lan.hosts as [LanHost, LanHost];
    const watching = await startCablecar(['watch', '--name', 'ada'], { inside: ada.inside });
    const listening = await listen(bob, 'bob');
    await watching.next(({ kind }) => kind === 'peer');
    const { peers } = await watching.next(
      (line) => line['kind'] === 'reading' && (line['peers'] as unknown[]).length === 1,
    );
    expect(peers).toMatchObject([{ name: 'bob', state: 'alive' }]);
    await listening.stop();
    expect(await watching.next(({ kind }) => kind === 'lost')).toMatchObject({ code: 'goodbye' });
    watching.signal('SIGINT');
    expect(await watching.exited).toBe(0);
  });
});
