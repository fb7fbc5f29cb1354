import { expect, test } from 'vitest';
import type { LanHost } from '../network/lan-host.ts';
import { describeLan } from '../network/lan.ts';
import { bundle } from '../support/bundle.ts';
import { isWriting, PagePart } from '../support/page-part.ts';
import { skipWithout } from '../support/skip-without.ts';
import { TmuxTerminal } from '../support/tmux.ts';

const PAGE = 'docs/games.md';

/** Starts the game in a shell, which goes on when the game has ended. */
async function play(host: LanHost, name: string, ...flags: string[]): Promise<TmuxTerminal> {
  const game = [
    process.execPath,
    await bundle('examples/four-in-a-row/main.ts'),
    '--name',
    name,
    ...flags,
  ];
  const shell = [
    'sh',
    '-c',
    '"$@"; printf "back in the shell, "; stty -a | grep -o " .\\?icanon"; read _',
  ];
  const command = [...host.inside, ...shell, 'sh', ...game];
  return TmuxTerminal.open(command, { columns: 80, rows: 24 });
}

/** A player who drops discs: the hand begins above the fourth of the columns 0 to 6. */
function playerAt(terminal: TmuxTerminal): (column: number) => Promise<void> {
  let hand = 3;
  return async (column) => {
    await terminal.shows((text) => text.includes('Your turn.'));
    for (; hand < column; hand++) terminal.press('Right');
    for (; hand > column; hand--) terminal.press('Left');
    terminal.press('Enter');
  };
}

describeLan('the example four-in-a-row', (createLan) => {
  test('is played in two terminals to its end, and again', async ({ skip }) => {
    skipWithout('tmux', skip);
    const lan = await createLan(2);
    const [ada, bob] = await Promise.all([play(lan.host(0), 'Ada'), play(lan.host(1), 'Bob')]);

    await ada.shows((text) => text.includes('› Bob'));
    ada.press('Enter');
    await ada.shows((text) => text.includes('is asked …'));
    const lobby = await bob.shows((text) => text.includes('invites you'));
    bob.press('Enter');

    const [adaDrops, bobDrops] = [playerAt(ada), playerAt(bob)];
    for (const [own, other] of [
      [3, 3],
      [4, 4],
      [5, 4],
    ] as const) {
      await adaDrops(own);
      await bobDrops(other);
    }
    await adaDrops(2);
    const won = await ada.shows((text) => text.includes('you have won!'));
    const lost = await bob.shows((text) => text.includes('Ada has won.'));
    const discs = (text: string): string[] => text.match(/│.*│/g) ?? [];
    expect(discs(won)).toEqual([
      '│ · · · · · · · │',
      '│ · · · · · · · │',
      '│ · · · · · · · │',
      '│ · · · · ○ · · │',
      '│ · · · ○ ○ · · │',
      '│ · · ● ● ● ● · │',
    ]);
    expect(discs(lost)).toEqual(discs(won));

    // The docs show what is shown here.
    for (const [name, text] of Object.entries({
      'four-in-a-row-lobby': lobby,
      'four-in-a-row': won,
    })) {
      const part = new PagePart(PAGE, name);
      const fence = `\`\`\`text\n${text.trimEnd()}\n\`\`\``;
      if (isWriting) part.text = fence;
      expect(part.text).toBe(fence);
    }

    // Another game, which the loser begins; his cable is out for a while; then he leaves, and both are in the lobby again.
    ada.press('Enter');
    await playerAt(bob)(0);
    await ada.shows((text) => text.includes('│ ○ · · · · · · │') && text.includes('Your turn.'));
    lan.host(1).unplug();
    await ada.shows((text) => text.includes('Bob does not answer …'));
    lan.host(1).replug();
    await ada.shows((text) => text.includes('Your turn.') && !text.includes('does not answer'));
    bob.press('q');
    await ada.shows((text) => text.includes('Bob has left the table'));
    ada.press('q');
    await ada.shows((text) => text.includes('› Bob'));

    // Quitting gives the terminal back: lines are edited as before, and the page of the game is gone.
    bob.press('q');
    const shell = await bob.shows((text) => text.includes('icanon'));
    expect(shell.trim()).toBe('back in the shell,  icanon');
    await ada.shows((text) => text.includes('Nobody else is here yet'));
  });

  test('is played in two terminals of one machine as well', async ({ skip }) => {
    skipWithout('tmux', skip);
    const host = (await createLan(1)).host(0);
    const [ada, bob] = await Promise.all(
      ['Ada', 'Bob'].map((name) => play(host, name, '--loopback')),
    );
    await bob!.shows((text) => text.includes('› Ada'));
    bob!.press('Enter');
    await ada!.shows((text) => text.includes('invites you'));
    ada!.press('Enter');
    await bob!.shows((text) => text.includes('● Bob (you)  against  ○ Ada'));
  });
});
