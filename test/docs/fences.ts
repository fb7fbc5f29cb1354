/** A fence of a Markdown page, or a hidden `<!-- prelude: … -->`, which is a fence that readers do not see. */
export interface Fence {
  readonly page: string;
  /** The line of its first line of text, counted from 1. */
  readonly line: number;
  /** The words after the backticks: `ts`, `ts run`, `text output`. A prelude's are `ts prelude`. */
  readonly words: readonly string[];
  readonly text: string;
  /** What a `text` fence directly after this one says that the program prints. */
  readonly output: string | undefined;
}

/** Every fence and prelude of a page, in order. */
export function fencesOf(page: string, markdown: string): Fence[] {
  const pattern = /^(`{3,})([^\n`]*)\n([^]*?)^\1[ \t]*$|^<!-- prelude:\s*([^]*?)-->/dgm;
  const matches = [...markdown.matchAll(pattern)];
  return matches.map((match, index) => {
    const [whole, , words = 'ts prelude', fenced, hidden] = match;
    const start = (match.indices?.[3] ?? match.indices?.[4])?.[0] ?? match.index;
    const next = matches[index + 1];
    const between = markdown.slice(match.index + whole.length, next?.index);
    const output = next?.[2]?.startsWith('text') && between.trim() === '' ? next[3] : undefined;
    return {
      page,
      line: markdown.slice(0, start).split('\n').length,
      words: words.trim().split(/\s+/),
      text: fenced ?? `${hidden?.trimEnd() ?? ''}\n`,
      output,
    };
  });
}

/** What a program must print for what its page says to be true; `…` stands for anything. */
export function patternOf(output: string): RegExp {
  const parts = output.trim().split('…');
  const literals = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literals.join('[^]*?')}\\s*$`);
}
