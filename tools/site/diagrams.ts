import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What we use of the package that draws; its own types are only there where it is installed. */
interface Renderer {
  readonly renderMermaidSVG: (code: string, colours: Readonly<Record<string, string>>) => string;
}

/** On white, and dark enough to be read. */
const COLOURS = { bg: '#ffffff', fg: '#18181b', muted: '#3f3f46', line: '#71717a' };

/** Makes a function that draws Mermaid diagrams into a folder; it answers with the path in there, the same for the same diagram. */
export async function diagrams(modules: string, folder: string): Promise<(code: string) => string> {
  const url = pathToFileURL(join(modules, 'beautiful-mermaid/dist/index.js')).href;
  const { renderMermaidSVG } = (await import(url)) as Renderer;
  mkdirSync(join(folder, 'diagrams'), { recursive: true });
  return (code) => {
    const path = `diagrams/${createHash('sha256').update(code).digest('hex').slice(0, 12)}.svg`;
    writeFileSync(join(folder, path), withoutImports(renderMermaidSVG(code, COLOURS)));
    return path;
  };
}

/** The site asks nobody for fonts: those of the reader's system serve as well. */
function withoutImports(svg: string): string {
  return svg.replaceAll(/^\s*@import[^\n]*\n/gm, '');
}
