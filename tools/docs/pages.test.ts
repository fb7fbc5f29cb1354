import { describe, expect, it } from 'vitest';
import { parseSource } from '../sources.ts';
import { renderErrors } from './errors-page.ts';
import { diagram, matrix } from './machines-page.ts';
import { optionsPage } from './options-page.ts';
import { optionProblems } from './read-options.ts';

describe('the errors page', () => {
  it('has a heading, the meaning, the remedy and the road of each code, by origin', () => {
    const text = renderErrors({
      ERR_FRAME: { origin: 'remote', meaning: 'Not a frame.', remedy: 'Look.' },
      ERR_OPTION: { origin: 'local', meaning: 'A wrong value.', remedy: 'Correct it.' },
    });
    expect(text).toMatch(
      /## Origin: local\n\n### ERR_OPTION\n\nA wrong value\.\n\n- \*\*What to do:\*\* Correct it\.\n- \*\*How it reaches you:\*\* it is thrown/,
    );
    expect(text.indexOf('### ERR_OPTION')).toBeLessThan(text.indexOf('### ERR_FRAME'));
  });

  it('has the road of a code that takes another than its origin', () => {
    const text = renderErrors({
      ERR_LISTENER: { origin: 'local', meaning: 'It threw.', remedy: 'Look.', road: 'it is told' },
    });
    expect(text).toContain('- **How it reaches you:** it is told.');
  });
});

describe('the options page', () => {
  const text = `
/** How to announce. */
export interface AnnounceOptions extends PortOptions {
  /**
   * How often, in
   * milliseconds; see {@link Clock}.
   * @default 1000 (range 100 to 60_000)
   */
  readonly intervalMs?: number;
  /** Which wire. @default 'native' ('native' or 'classic') */
  readonly wire?: 'native' | 'classic';
  /** Who meets whom. (range 1 to 255) */
  readonly service: string;
  /** Keeps a key. @default none */
  readonly identity?: string;
  /** Whether to. @default false */
  readonly busy?: boolean;
}
/** Ports. */
export interface PortOptions {}
export interface ResolvedAnnounceOptions { readonly intervalMs: number }
`;
  const source = parseSource('packages/discovery/src/options.ts', text);

  it('shows type, default, range and meaning of every field', async () => {
    const rows = (await optionsPage([source])).split('\n').filter((line) => line.startsWith('| `'));
    expect(rows).toEqual([
      '| `intervalMs` | `number` | `1000` | 100 to 60_000 | How often, in milliseconds; see `Clock`. |',
      "| `wire` | `'native' \\| 'classic'` | `'native'` | 'native' or 'classic' | Which wire. |",
      '| `service` | `string` | required | 1 to 255 | Who meets whom. |',
      '| `identity` | `string` | none |  | Keeps a key. |',
      '| `busy` | `boolean` | `false` |  | Whether to. |',
    ]);
  });

  it('links to the options that are inherited, and leaves resolved ones out', async () => {
    const page = await optionsPage([source]);
    expect(page).toContain('It also takes every option of [PortOptions](#portoptions).');
    expect(page).not.toContain('Resolved');
  });

  it('asks every option for a docstring, and every optional one for its default', () => {
    expect(optionProblems(source)).toEqual([]);
    const bare = 'export interface XOptions { a: 1; /** Means. */ b?: 2; /** Means. */ c: 3 }';
    expect(
      optionProblems(parseSource('packages/messenger/src/options.ts', bare)).map(
        ({ sentence }) => sentence,
      ),
    ).toEqual(["option 'a' has no docstring", "option 'b' does not say its @default"]);
    expect(optionProblems(parseSource('packages/messenger/src/other.ts', bare))).toEqual([]);
  });
});

describe('the machines page', () => {
  const transitions = {
    idle: { start: ['open'], close: ['closed'], wake: ['idle'] },
    open: { start: [], close: ['closed'], wake: ['open', 'closed'] },
    closed: { start: [], close: [], wake: [] },
  };

  it('draws one arrow for each pair of states, without those that change nothing', () => {
    expect(diagram(transitions)).toBe(
      [
        'stateDiagram-v2',
        '  [*] --> idle',
        '  idle --> open: start',
        '  idle --> closed: close',
        '  open --> closed: close, wake',
        '  closed --> [*]',
      ].join('\n'),
    );
  });

  it('begins in the first state and wherever no other state leads to', () => {
    const twoEnds = { dialled: { done: ['linked'] }, accepted: { done: ['linked'] }, linked: {} };
    expect(diagram(twoEnds).match(/\[\*\] --> \w+/g)).toEqual([
      '[*] --> dialled',
      '[*] --> accepted',
    ]);
  });

  it('shows every cell of the table', () => {
    expect(matrix(transitions).split('\n').slice(2)).toEqual([
      '| `start` | open | · | · |',
      '| `close` | closed | closed | · |',
      '| `wake` | · | stays, closed | · |',
    ]);
  });
});
