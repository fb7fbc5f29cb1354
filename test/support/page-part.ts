import { readFileSync, writeFileSync } from 'node:fs';

/** A page in three: what stands before a part of it and after, each with its mark, and the part. */
export interface SplitPage {
  readonly before: string;
  readonly text: string;
  readonly after: string;
}

/**
 * Splits a page at the two marks of a part of it, of which the first says by which script of npm it is written.
 * @throws {Error} where the page has no such part
 */
export function splitPage(page: string, name: string, script: string): SplitPage {
  const begin = `<!-- ${name}: written by \`npm run ${script}\` -->\n\n`;
  const end = `\n\n<!-- ${name}: end -->`;
  const [before, rest] = page.split(begin);
  const [text, after] = rest?.split(end) ?? [];
  if (before === undefined || text === undefined || after === undefined)
    throw new Error(`no ${begin}…${end} here`);
  return { before: before + begin, text, after: end + after };
}

/** A part of a page of the docs that `npm run examples:write` writes. */
export class PagePart {
  readonly #page: string;
  readonly #name: string;

  constructor(page: string, name: string) {
    this.#page = page;
    this.#name = name;
  }

  /**
   * What the page says.
   * @throws {Error} where it has no such part
   */
  get text(): string {
    return this.#split().text;
  }

  /** Writes it anew. */
  set text(text: string) {
    const { before, after } = this.#split();
    writeFileSync(this.#page, before + text + after);
  }

  #split(): SplitPage {
    return splitPage(readFileSync(this.#page, 'utf8'), this.#name, 'examples:write');
  }
}

/** Whether this run is to write what it shows into the docs, as `npm run examples:write` asks for. */
export const isWriting: boolean = process.env['WRITE_DOCS'] !== undefined;
