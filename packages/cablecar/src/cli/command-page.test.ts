import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FINDINGS } from '../doctor/findings.ts';
import { COMMANDS } from './commands.ts';
import { anchorOf } from './diagnosis-text.ts';
import { JOIN_FLAGS } from './shared-flags.ts';

function read(page: string): string {
  return readFileSync(new URL(`../../../../docs/${page}`, import.meta.url), 'utf8');
}

/** A page's part under a heading of the second level. */
function part(page: string, heading: string): string {
  return page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
}

describe('the page of the command', () => {
  const page = read('command.md');
  const shared = part(page, 'What they have in common');

  it.each(Object.entries(COMMANDS))('has a part about %s, with its flags', (name, { flags }) => {
    const own = part(page, name);
    expect(own).not.toBe('');
    for (const flag of Object.keys(flags)) {
      const isShared = flag in JOIN_FLAGS || flag === 'timeout';
      expect(isShared ? shared : own).toContain(`--${flag}`);
    }
  });
});

describe('the page of findings', () => {
  it('has every heading that the doctor names', () => {
    const headings = [...read('troubleshooting.md').matchAll(/^### (.+)$/gm)].map(
      ([, text]) => text!,
    );
    const anchors = headings.map(anchorOf);
    expect(anchors.sort()).toEqual(
      Object.values(FINDINGS)
        .map(({ title }) => anchorOf(title))
        .sort(),
    );
  });
});
