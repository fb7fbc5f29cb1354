import { parseSync, type BindingPattern, type Statement } from 'oxc-parser';
import type { Fence } from './fences.ts';

/** What is compiled as one module: a fence, with the prelude that stands directly above it. */
export interface SampleModule {
  readonly name: string;
  /** Prelude and fence, or one of them, in the order in which `text` has them after its first line. */
  readonly pieces: readonly Fence[];
  readonly text: string;
}

/**
 * Makes a page's fences into modules. A page is read from top to bottom: a fragment sees every name that the fragments
 * above it declared or imported, and may declare it anew. A `run` fence is a whole program and sees nothing.
 */
export function sampleModules(fences: readonly Fence[]): SampleModule[] {
  const homes = new Map<string, string>(); // name → the module that declared it last
  return groupPreludes(fences).map((pieces, index) => {
    const name = `${pieces[0]!.page.replaceAll(/\W/g, '-')}-${index}.ts`;
    const code = pieces.map(({ text }) => text).join('');
    if (pieces.some(isProgram)) return { name, pieces, text: `export {};\n${code}` };
    const declared = new Set(parseSync(name, code).program.body.flatMap(namesOf));
    const imports = [...homes]
      .filter(([seen]) => !declared.has(seen))
      .map(([seen, home]) => `import { ${seen} } from './${home}';`);
    for (const declaration of declared) homes.set(declaration, name);
    const text = `${imports.join(' ')}\n${code}\nexport { ${[...declared].join(', ')} };\n`;
    return { name, pieces, text };
  });
}

/** The line of the page that a line of the module was made of. */
export function placeOf({ pieces }: SampleModule, moduleLine: number): string {
  let line = moduleLine - 2; // the first line is ours
  for (const { page, line: start, text } of pieces) {
    const length = text.split('\n').length - 1;
    if (line < length || pieces.at(-1)?.line === start) return `${page}:${start + line}`;
    line -= length;
  }
  return '';
}

/** The fences in ts, each prelude together with the fragment after it. */
function groupPreludes(fences: readonly Fence[]): Fence[][] {
  const groups: Fence[][] = [];
  for (const fence of fences.filter(({ words }) => words[0] === 'ts')) {
    const last = groups.at(-1);
    if (last?.at(-1)?.words.includes('prelude') && !isProgram(fence)) last.push(fence);
    else groups.push([fence]);
  }
  return groups;
}

/** Whether a fence is a whole program that is to be run. */
export function isProgram({ words }: Fence): boolean {
  return words[0] === 'ts' && words.includes('run');
}

/** The names that a statement declares for those that follow. */
function namesOf(statement: Statement): string[] {
  if (statement.type === 'ImportDeclaration')
    return statement.specifiers.map(({ local }) => local.name);
  const declaration =
    statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (declaration?.type === 'VariableDeclaration')
    return declaration.declarations.flatMap(({ id }) => boundBy(id));
  if (declaration && 'id' in declaration && declaration.id?.type === 'Identifier')
    return [declaration.id.name];
  return [];
}

function boundBy(pattern: BindingPattern | null): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return boundBy(pattern.left);
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        boundBy(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) =>
        boundBy(element?.type === 'RestElement' ? element.argument : element),
      );
    default:
      return [];
  }
}
