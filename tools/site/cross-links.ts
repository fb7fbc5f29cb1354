/** Where on the site the things stand that docstrings name: the addresses, as a page of the reference links to them. */
export interface Places {
  /** The page of the errors. */
  readonly errors: string;
  /** The page of the protocol, and the anchors of its sections by their numbers. */
  readonly protocol: string;
  readonly sections: ReadonlyMap<string, string>;
}

/** Makes links of what docstrings name in a page of the reference: codes of errors, and sections of the protocol. */
export function crossLinks(html: string, { errors, protocol, sections }: Places): string {
  return html.replaceAll(/<p>[^]*?<\/p>/g, (paragraph) =>
    outsideOfTags(paragraph, (text) =>
      text
        .replaceAll(/\bERR_[A-Z_]+\b/g, (code) => link(`${errors}#${code.toLowerCase()}`, code))
        .replaceAll(
          /docs\/protocol\.md (§(\d+(?:\.\d+)?))/g,
          (whole, name: string, number: string) => {
            const anchor = sections.get(number);
            return anchor === undefined ? whole : link(`${protocol}#${anchor}`, `Protocol ${name}`);
          },
        ),
    ),
  );
}

/** The anchors of a page's numbered headings, by their numbers: `7.2` is `72-json`. */
export function numberedSections(anchors: Iterable<string>, markdown: string): Map<string, string> {
  const known = [...anchors];
  const numbers = [...markdown.matchAll(/^#{2,3} (\d+(?:\.\d+)?) /gm)].map(
    ([, number = '']) => number,
  );
  return new Map(
    numbers.flatMap((number) => {
      const anchor = known.find((name) => name.startsWith(`${number.replace('.', '')}-`));
      return anchor === undefined ? [] : [[number, anchor] as const];
    }),
  );
}

/** Changes the text of some HTML, but not its tags, and not what is a link or code already. */
function outsideOfTags(html: string, change: (text: string) => string): string {
  return html.replaceAll(/<(a|code)\b[^]*?<\/\1>|<[^>]+>|[^<]+/g, (piece) =>
    piece.startsWith('<') ? piece : change(piece),
  );
}

function link(url: string, text: string): string {
  return `<a href="${url}">${text}</a>`;
}
