import type { FieldType, Layout } from '@cablecar/core-protocol';
import * as fc from 'fast-check';

const integer = (min: number, max: number) => fc.integer({ min, max });
const values: Record<string, fc.Arbitrary<unknown>> = {
  u8: integer(0, 255),
  u16: integer(0, 65535),
  u32: integer(0, 4294967295),
  i8: integer(-128, 127),
  i16: integer(-32768, 32767),
  i32: integer(-2147483648, 2147483647),
  f32: fc.float(),
  f64: fc.double(),
  bool: fc.boolean(),
  string: fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 40 })),
  bytes: fc.uint8Array({ maxLength: 40 }),
};
/** Any type of one value. */
export const scalar: fc.Arbitrary<FieldType> = fc.constantFrom(
  ...Object.keys(values),
) as fc.Arbitrary<FieldType>;
const names = fc.string({
  minLength: 1,
  maxLength: 8,
  unit: fc.constantFrom(...Array.from('abcXYZ_$ "\\é')),
});
const fieldsOf = (type: fc.Arbitrary<FieldType>, minKeys: number): fc.Arbitrary<Layout> =>
  fc.dictionary(names, type, { minKeys, maxKeys: 5, noNullPrototype: true });
const { type: anyType } = fc.letrec<{ type: FieldType; inner: FieldType }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    tie('inner').map((inner) => ({ array: inner })),
    tie('inner')
      .filter((inner) => !isOptional(inner))
      .map((inner) => ({ optional: inner })),
    fieldsOf(tie('inner'), 2),
  ),
  inner: tie('type'),
}));
/** Any layout, nested, with lists and with values that may be missing. */
export const anyLayout: fc.Arbitrary<Layout> = fieldsOf(anyType, 0);

function isOptional(type: FieldType): boolean {
  return typeof type === 'object' && 'optional' in type && Object.keys(type).length === 1;
}

function valueOf(type: FieldType): fc.Arbitrary<unknown> {
  if (typeof type === 'string') return values[type] as fc.Arbitrary<unknown>;
  const keys = Object.keys(type);
  if (keys.length === 1 && keys[0] === 'array')
    return fc.array(valueOf((type as { array: FieldType }).array), { maxLength: 5 });
  if (isOptional(type))
    return fc.option(valueOf((type as { optional: FieldType }).optional), { nil: undefined });
  return fieldValues(type);
}

/** Any values for the fields of a layout. */
export function fieldValues(layout: Layout): fc.Arbitrary<object> {
  return fc.record(
    Object.fromEntries(Object.entries(layout).map(([name, type]) => [name, valueOf(type)])),
    { noNullPrototype: true },
  );
}
