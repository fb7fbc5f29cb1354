import { compile } from './compile.ts';
import type { ObjectShape } from './json-shape.ts';

/** Gives a message attributes that have the names of a shape, as `Object.assign()` does. False, and nothing done, for others. */
export type Assigner = (message: object, attributes: object) => boolean;

/** Compiles an assigner: the engine knows where things are in both objects, and looks nothing up. */
export function compileAssigner(shape: ObjectShape): Assigner {
  const names = shape.fields.map(([name]) => name);
  const lines = names.map((name) => `m[${JSON.stringify(name)}] = a[${JSON.stringify(name)}];`);
  const source = [
    'return function assign(m, a) {',
    ...hasNames('a', names),
    ...lines,
    'return true;',
    '}',
  ];
  return compile({ names }, source.join('\n')) as Assigner;
}

/**
 * Source that returns false unless an object has `names`, in their order, and no others. Own properties come before those
 * of a prototype: where the last one is its own, all are.
 */
export function hasNames(object: string, { length }: readonly string[]): string[] {
  return [
    'let i = 0;',
    `for (const name in ${object}) if (name !== names[i++]) return false;`,
    `if (i !== ${length}) return false;`,
    length > 0 ? `if (!Object.hasOwn(${object}, names[${length - 1}])) return false;` : '',
  ];
}
