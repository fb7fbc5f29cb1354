import { parseSync, type BindingPattern, type Statement } from 'oxc-parser';
import type { Fence } from './fences.ts';

/** A fence made into a module that can be compiled: one line longer at the top than the fence. */
export interface SampleModule {
  readonly name: string;
  readonly fence: Fence;
  readonly text: string;
}

/**
 * Makes a page's fences into modules. A page is read from top to bottom: a fragment sees every name that the fragments
 * above it declared or imported, and may declare it anew. A `run` fence is a whole program and sees nothing.
 */
export function sampleModules(fences: readonly Fence[]): SampleModule[] {
  const homes = new Map<string, string>(); // name → the module that declared it last
  return fences
    .filter(({ words }) => words[0] === 'ts')
    .map((fence, index) => {
      const name = `${fence.page.replaceAll(/\W/g, '-')}-${index}.ts`;
      if (isProgram(fence)) return { name, fence, text: `export {};\n${fence.text}` };
      const declared = new Set(parseSync(name, fence.text).program.body.flatMap(namesOf));
      const imports = [...homes]
        .filter(([seen]) => !declared.has(seen))
        .map(([seen, home]) => `import { ${seen} } from './${home}';`);
      for (const declaration of declared) homes.set(declaration, name);
      const text = `${imports.join(' ')}\n${fence.text}\nexport { ${[...declared].join(', ')} };\n`;
      return { name, fence, text };
    });
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
