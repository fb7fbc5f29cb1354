import type { Command } from './command.ts';
import type { Flags } from './flags.ts';
import { EVERY_FLAG } from './shared-flags.ts';

const WIDTH = 80;

/** What `cablecar --help` says. */
export function overview(commands: Readonly<Record<string, Command>>): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => [name, summary] as const);
  return [
    'Programs on one network find each other and talk.',
    '',
    'usage: cablecar COMMAND [OPTIONS]',
    '',
    ...columns(rows),
    '',
    ...columns([
      ['--help', 'show this; `cablecar COMMAND --help` says more'],
      ['--version', 'show the version'],
    ]),
    '',
    'Exit codes: 0 done, 1 failed, 2 not understood, 130 interrupted.',
  ].join('\n');
}

/** What `cablecar COMMAND --help` says. */
export function helpOf(name: string, { summary, operands, about, flags }: Command): string {
  const usage = ['cablecar', name, operands, '[OPTIONS]'].filter((word) => word !== '').join(' ');
  return [
    `${name}: ${summary}`,
    '',
    `usage: ${usage}`,
    '',
    ...about.flatMap((paragraph) => [...wrap(paragraph, WIDTH), '']),
    ...columns(flagRows({ ...flags, ...EVERY_FLAG })),
  ].join('\n');
}

/** Breaks a text into lines of at most so many characters, between words. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function flagRows(flags: Flags): (readonly [string, string])[] {
  return Object.entries(flags).map(([name, { short, value, about }]) => {
    const long = value === undefined ? `--${name}` : `--${name} ${value}`;
    return [short === undefined ? long : `-${short}, ${long}`, about] as const;
  });
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.flatMap(([left, right]) => {
    const [first = '', ...rest] = wrap(right, WIDTH - width - 4);
    return [
      `  ${left.padEnd(width)}  ${first}`,
      ...rest.map((line) => ' '.repeat(width + 4) + line),
    ];
  });
}
