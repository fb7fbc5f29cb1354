/** What each scalar of a layout is in TypeScript. */
interface ScalarTypes {
  /** An integer from 0 to 255. */
  u8: number;
  /** An integer from 0 to 65,535. */
  u16: number;
  /** An integer from 0 to 4,294,967,295. */
  u32: number;
  /** An integer from -128 to 127. */
  i8: number;
  /** An integer from -32,768 to 32,767. */
  i16: number;
  /** An integer from -2,147,483,648 to 2,147,483,647. */
  i32: number;
  /** A number with about 7 digits; it arrives rounded to the nearest that 32 bits can hold. */
  f32: number;
  /** Any number, NaN and the infinities included. */
  f64: number;
  bool: boolean;
  /** Any well-formed text. */
  string: string;
  bytes: Uint8Array;
}

/** The name of a type of one value in a layout. */
export type ScalarName = keyof ScalarTypes;

/** The type of one field: a scalar, a list, something that may be missing, or a layout within the layout. */
export type FieldType =
  ScalarName | { readonly array: FieldType } | { readonly optional: FieldType } | Layout;

/**
 * The fields of a byte message, in the order in which they travel:
 * `{ id: 'u32', name: 'string', path: { array: { x: 'i16', y: 'i16' } }, tag: { optional: 'u8' } }`.
 */
export interface Layout {
  readonly [field: string]: FieldType;
}

type OptionalNames<Fields extends Layout> = {
  [Name in keyof Fields]: Fields[Name] extends { readonly optional: FieldType } ? Name : never;
}[keyof Fields];

type Flat<Fields> = { [Name in keyof Fields]: Fields[Name] };

type FieldValue<Type> = Type extends ScalarName
  ? ScalarTypes[Type]
  : Type extends { readonly array: infer Element }
    ? FieldValue<Element>[]
    : Type extends { readonly optional: infer Inner }
      ? FieldValue<Inner> | undefined
      : Type extends Layout
        ? LayoutFields<Type>
        : never;

/** The attributes that a layout describes; any, where the compiler knows only that it is a layout. */
export type LayoutFields<Fields extends Layout> = string extends keyof Fields
  ? Record<string, unknown>
  : Flat<
      {
        -readonly [Name in Exclude<keyof Fields, OptionalNames<Fields>>]: FieldValue<Fields[Name]>;
      } & { -readonly [Name in OptionalNames<Fields>]?: FieldValue<Fields[Name]> }
    >;
