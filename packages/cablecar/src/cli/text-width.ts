/** Marks on the character before (variation selectors are among them), and joiners. */
const NOTHING = /^(?:\p{M}|\p{Cf})$/u;
const WIDE =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]$/u;

/** How many columns of a terminal a text takes. */
export function textWidth(text: string): number {
  return [...text].reduce((width, character) => width + widthOf(character), 0);
}

/** The text in exactly so many columns: padded, or cut with a mark that it was. */
export function fit(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const width = textWidth(text);
  if (width <= columns) {
    const padding = ' '.repeat(columns - width);
    return align === 'left' ? text + padding : padding + text;
  }
  let cut = '';
  let taken = 0;
  for (const character of text) {
    if (taken + widthOf(character) > columns - 1) break;
    cut += character;
    taken += widthOf(character);
  }
  return columns < 1 ? '' : `${cut}…${' '.repeat(columns - 1 - taken)}`;
}

function widthOf(character: string): number {
  if (NOTHING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
