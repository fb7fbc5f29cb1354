/** What a value is made of, as far as code can be made for it in advance. */
export type JsonShape =
  | { readonly kind: 'scalar' }
  | { readonly kind: 'array'; readonly element: JsonShape }
  | ObjectShape;

/** An object: its names in their order, and what stands behind each. */
export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: readonly (readonly [name: string, shape: JsonShape])[];
}

/** More names than this are no habit. */
const MAX_NAMES = 64;
const MAX_LEVELS = 8;
/** Names that code may be made of, whoever they come from. */
const PLAIN_NAME = /^_?[A-Za-z][A-Za-z0-9_]{0,62}$/;

/**
 * The shape of attributes that were parsed and judged; undefined where it is too large, or has names that are not plain
 * words. Of an array, the first element stands for all.
 */
export function shapeOf(attributes: object): ObjectShape | undefined {
  const survey = new Survey();
  const shape = survey.object(attributes, 1);
  return survey.isTooMuch ? undefined : shape;
}

class Survey {
  isTooMuch = false;
  #names = 0;

  object(object: object, level: number): ObjectShape {
    const fields = Object.entries(object).map(([name, value]) => {
      if (++this.#names > MAX_NAMES || !PLAIN_NAME.test(name)) this.isTooMuch = true;
      return [name, this.#value(value, level + 1)] as const;
    });
    return { kind: 'object', fields };
  }

  #value(value: unknown, level: number): JsonShape {
    if (typeof value !== 'object' || value === null || this.isTooMuch) return { kind: 'scalar' };
    if (level > MAX_LEVELS) this.isTooMuch = true;
    if (Array.isArray(value)) return { kind: 'array', element: this.#value(value[0], level + 1) };
    return this.object(value, level);
  }
}
