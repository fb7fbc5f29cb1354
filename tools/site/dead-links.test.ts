import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deadLinks } from './dead-links.ts';

it('a site has no link that leads nowhere, and fetches nothing from elsewhere', () => {
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  const put = (path: string, html: string): void => writeFileSync(join(folder, path), html);
  try {
    mkdirSync(join(folder, 'a'));
    put('index.html', '<a href="a/b.html#part">b</a> <a class="x" href="https://a.b/c">out</a>');
    put('a/b.html', '<h2 id="part">P</h2> <a href="../index.html">up</a> <img src="../p.svg"/>');
    expect(deadLinks(folder)).toEqual([
      expect.stringMatching(/b\.html: '\.\.\/p\.svg' leads to no file$/),
    ]);
    put('p.svg', '<svg/>');
    expect(deadLinks(folder)).toEqual([]);
    put('a/b.html', '<h2 id="other">P</h2> <script src="https://a.b/c.js"></script>');
    expect(deadLinks(folder).sort()).toEqual([
      'a/b.html: fetches https://a.b/c.js',
      "index.html: 'a/b.html#part' leads to no place of a/b.html",
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
