import { describe, expect, it } from 'vitest';
import { crossLinks, numberedSections } from './cross-links.ts';

const places = {
  errors: '../e.html',
  protocol: '../p.html',
  sections: new Map([['7.2', '72-json']]),
};
const linked = (html: string): string => crossLinks(html, places);

describe('a page of the reference', () => {
  it('links each code of an error to its heading', () => {
    expect(linked('<p>ERR_A, ERR_B_C (rejects)</p>')).toBe(
      '<p><a href="../e.html#err_a">ERR_A</a>, <a href="../e.html#err_b_c">ERR_B_C</a> (rejects)</p>',
    );
  });

  it('links a section of the protocol that there is', () => {
    expect(linked('<p>docs/protocol.md §7.2</p>')).toBe(
      '<p><a href="../p.html#72-json">Protocol §7.2</a></p>',
    );
    expect(linked('<p>docs/protocol.md §9.9</p>')).toBe('<p>docs/protocol.md §9.9</p>');
  });

  it('leaves alone what is code, a link or no sentence', () => {
    const html = '<p><code>ERR_A</code> <a href="x#ERR_A">ERR_A</a></p><span>ERR_A</span>';
    expect(linked(html)).toBe(html);
  });

  it('knows sections by their numbers', () => {
    const markdown = '## 7 Messages\n\n### 7.2 JSON\n\n### 7.9 Lost\n';
    expect(numberedSections(['7-messages', '72-json'], markdown)).toEqual(
      new Map([
        ['7', '7-messages'],
        ['7.2', '72-json'],
      ]),
    );
  });
});
