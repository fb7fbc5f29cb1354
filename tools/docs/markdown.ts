/** The line that tells readers of a page's source where it comes from. */
export function generatedFrom(what: string): string {
  return `<!-- Generated from ${what} by \`npm run docs:generate\`. Do not edit. -->`;
}

/** Blocks of Markdown as one text. */
export function page(...blocks: readonly string[]): string {
  return blocks.join('\n\n');
}

/** A Markdown table; cells may hold anything but end up on one line. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map(toCell).join(' | ')} |`)
    .join('\n');
}

function toCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
