import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from './commands.ts';
import { main } from './main.ts';
import { Terminal } from './terminal.ts';

async function call(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const [output, errors] = [new PassThrough(), new PassThrough()];
  const terminal = new Terminal({ input: new PassThrough(), output, errors, colour: true });
  const code = await main(words, terminal, new AbortController().signal);
  return { code, out: String(output.read() ?? ''), err: String(errors.read() ?? '') };
}

describe('cablecar', () => {
  it('lists its commands when asked for help, and as a failure when asked for nothing', async () => {
    const asked = await call('--help');
    for (const name of Object.keys(COMMANDS)) expect(asked.out).toContain(`  ${name} `);
    expect(asked.code).toBe(0);
    expect(await call()).toEqual({ ...asked, code: 2 });
  });

  it.each(Object.keys(COMMANDS))('shows the flags of %s, --json among them', async (name) => {
    const { code, out } = await call(name, '--help');
    expect(code).toBe(0);
    expect(out).toContain(`usage: cablecar ${name}`);
    expect(out).toContain('--json');
    expect(await call('help', name)).toMatchObject({ code: 0, out });
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('tells its version', async () => {
    const { out } = await call('--version');
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    ['a command that there is not', ['dance'], "there is no command 'dance'"],
    ['a name of every object', ['constructor'], "there is no command 'constructor'"],
    ['a flag that there is not', ['ping', '--loud'], "'--loud'"],
    ['a word too many', ['ping', 'bob', 'eve'], "'eve' is one word too many"],
    ['a number that is none', ['ping', '--count', 'two'], "--count is 'two'"],
    ['a number beyond its range', ['ping', '--count', '0'], 'from 1 to'],
    ['a port that join() does not take', ['ping', '--udp-port', '80'], 'udpPort is 80'],
    ['an interval that is too long', ['ping', '--interval', '9'], 'from 0.05 to 3'],
  ])('ends with 2 and a sentence for %s', async (_, words, sentence) => {
    const { code, err, out } = await call(...words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(sentence);
  });

  it('writes no colours where the output is no terminal', () => {
    const streams = {
      input: new PassThrough(),
      output: new PassThrough(),
      errors: new PassThrough(),
    };
    expect(new Terminal({ ...streams, colour: true }).paint('red', 'text')).toBe('text');
    const output = Object.assign(new PassThrough(), { isTTY: true });
    expect(new Terminal({ ...streams, output, colour: true }).paint('red', 'text')).toContain(
      '[31m',
    );
    expect(new Terminal({ ...streams, output, colour: false }).paint('red', 'text')).toBe('text');
  });

  it('prints JSON that no terminal obeys', () => {
    const output = new PassThrough();
    const streams = { input: new PassThrough(), output, errors: new PassThrough() };
    new Terminal({ ...streams, colour: true }).printJson('\u001B[2J \u009B2J \u2028');
    expect(String(output.read())).toBe('"\\u001b[2J \\u009b2J \\u2028"\n');
  });
});
