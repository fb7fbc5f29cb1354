import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { describeLan } from '../network/lan.ts';
import { bundle } from '../support/bundle.ts';
import { isWriting, PagePart } from '../support/page-part.ts';
import { skipWithout } from '../support/skip-without.ts';
import { TmuxTerminal } from '../support/tmux.ts';

describeLan('the example cpu-mon in a terminal', (createLan) => {
  test('is a table of who is there, and gives the terminal back', async ({ skip }) => {
    skipWithout('tmux', skip);
    const lan = await createLan(3);
    const program = await bundle('examples/cpu-mon.ts');
    const node = [...lan.host(0).inside, process.execPath, program];
    const shell = ['sh', '-c', '"$@"; echo "ended by $?"; read _', 'sh', ...node];
    const terminal = TmuxTerminal.open(shell, { columns: 100, rows: 12 });
    const others = [lan.host(1), lan.host(2)].map((host) => host.spawn(program));

    // Three rows of this machine's name, each with its address and figures that were drawn twice at least.
    const rowOf = (address: string): RegExp =>
      new RegExp(
        `^ ${hostname().slice(0, 20)} +${address} +[▁-█]{2,} +\\d+ %  [█░]{10} +\\d+ %  [\\d.]+ [\\d.]+ [\\d.]+$`,
        'm',
      );
    const addresses = ['this computer', lan.host(1).address(), lan.host(2).address()];
    const full = await terminal.shows((text) =>
      addresses.every((address) => rowOf(address).test(text)),
    );
    expect(full).toContain('cpu-mon · 3 computers');

    await others[1]?.stop();
    const left = await terminal.shows((text) => text.includes('2 computers'));
    expect(left).not.toMatch(rowOf(lan.host(2).address()));
    terminal.press('q');
    expect((await terminal.shows((text) => text.includes('ended by'))).trim()).toBe('ended by 0');

    if (isWriting) {
      const shown = full
        .trimEnd()
        .replaceAll(hostname().slice(0, 20).padEnd(20), 'kitchen'.padEnd(20));
      new PagePart('docs/games.md', 'cpu-mon').text = `\`\`\`text\n${shown}\n\`\`\``;
    }
  });
});
