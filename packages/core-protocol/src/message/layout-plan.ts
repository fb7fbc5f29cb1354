import type { Layout, ScalarName } from './layout-types.ts';
import { definitionError } from './message-errors.ts';
import { flawOfName } from './name-rule.ts';
import { show } from './show.ts';

const MAX_NESTING = 16;
const MAX_FIELDS = 1024;

/** One value of a layout, checked, in the form that the compilers work on. */
export type Plan = ScalarPlan | ArrayPlan | OptionalPlan | RecordPlan;

export interface ScalarPlan {
  readonly kind: 'scalar';
  readonly scalar: ScalarName;
}

export interface ArrayPlan {
  readonly kind: 'array';
  readonly element: Plan;
}

export interface OptionalPlan {
  readonly kind: 'optional';
  readonly inner: Plan;
}

export interface RecordPlan {
  readonly kind: 'record';
  readonly fields: readonly FieldPlan[];
}

export interface FieldPlan {
  readonly name: string;
  readonly plan: Plan;
}

/** The bytes that each scalar takes at least: all of them, or the length before what follows. */
export const SCALAR_BYTES: Readonly<Record<ScalarName, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  i8: 1,
  i16: 2,
  i32: 4,
  f32: 4,
  f64: 8,
  bool: 1,
  string: 1,
  bytes: 1,
};

// What every message has or may have as a member, beside the members of every object.
const MEMBERS: ReadonlySet<string> = new Set([
  'prototype',
  'encode',
  'decode',
  'encodeAttributes',
  'decodeAttributes',
]);

/**
 * Checks a layout, whatever it may hold, and copies it.
 * @throws {CableCarError} ERR_MESSAGE_DEFINITION
 */
export function planOf(layout: Layout, label: string): RecordPlan {
  return new Planner(label).record(layout, []);
}

/** The fewest bytes that a value takes. */
export function minimumBytes(plan: Plan): number {
  switch (plan.kind) {
    case 'scalar':
      return SCALAR_BYTES[plan.scalar];
    case 'record':
      return plan.fields.reduce((sum, { plan: field }) => sum + minimumBytes(field), 0);
    default:
      return 1; // a count, or whether there is one
  }
}

/** A layout as text: two layouts have the same exactly when the bytes and the names of their fields are the same. */
export function canonicalText(plan: Plan): string {
  switch (plan.kind) {
    case 'scalar':
      return plan.scalar;
    case 'array':
      return `[${canonicalText(plan.element)}]`;
    case 'optional':
      return `?${canonicalText(plan.inner)}`;
    case 'record': {
      const fields = plan.fields.map((field) => {
        return `${JSON.stringify(field.name)}:${canonicalText(field.plan)}`;
      });
      return `{${fields.join(',')}}`;
    }
  }
}

class Planner {
  readonly #label: string;
  #fields = 0;

  constructor(label: string) {
    this.#label = label;
  }

  record(layout: unknown, path: readonly string[]): RecordPlan {
    if (!isObject(layout)) throw this.#error(path, `is ${show(layout)}`, 'an object of fields');
    const fields = Object.keys(layout).map((name): FieldPlan => {
      const flaw =
        name in Object.prototype || MEMBERS.has(name)
          ? 'is a member of messages'
          : flawOfName(name);
      const here = [...path, name];
      if (flaw !== undefined) throw this.#error(here, flaw, 'another name');
      if (++this.#fields > MAX_FIELDS)
        throw this.#error(here, 'is one field more', `at most ${MAX_FIELDS}`);
      return { name, plan: this.#value(layout[name], here) };
    });
    return { kind: 'record', fields };
  }

  #value(type: unknown, path: readonly string[]): Plan {
    if (path.length > MAX_NESTING)
      throw this.#error(path, 'nests deeper', `at most ${MAX_NESTING} levels`);
    if (typeof type === 'string') return this.#scalar(type, path);
    if (!isObject(type)) throw this.#error(path, `is ${show(type)}`, 'a type');
    const names = Object.keys(type);
    const only = names.length === 1 ? names[0] : undefined;
    if (only === 'array')
      return { kind: 'array', element: this.#value(type['array'], [...path, '[]']) };
    if (only === 'optional') return this.#optional(type['optional'], path);
    // The compiler would take such a field for a list or an option.
    if ('array' in type || 'optional' in type)
      throw this.#error(path, "has a field named 'array' or 'optional'", 'another name');
    if (names.length === 0) throw this.#error(path, 'is a layout without fields', 'at least one');
    return this.record(type, path);
  }

  #scalar(type: string, path: readonly string[]): ScalarPlan {
    if (Object.hasOwn(SCALAR_BYTES, type)) return { kind: 'scalar', scalar: type as ScalarName };
    throw this.#error(path, `has the type ${show(type)}`, Object.keys(SCALAR_BYTES).join(', '));
  }

  #optional(type: unknown, path: readonly string[]): OptionalPlan {
    const inner = this.#value(type, [...path, '?']);
    if (inner.kind === 'optional') throw this.#error(path, 'is optional twice', 'once');
    return { kind: 'optional', inner };
  }

  #error(path: readonly string[], seen: string, expected: string): Error {
    const where = path.length === 0 ? 'the layout' : `the field ${show(path.join('.'))}`;
    return definitionError(`${where} of ${this.#label} ${seen}, expected ${expected}`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
