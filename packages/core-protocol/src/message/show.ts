const MAX_SHOWN = 40;

/** A value as an error's sentence names it: short, on one line, also when a peer sent it. */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(clip(value));
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${clip(String(value))}n`;
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
    case 'object':
      return value === null ? 'null' : showObject(value);
    default:
      return String(value);
  }
}

/** Text of any length, clipped to what a sentence can hold. */
export function clip(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}

function showObject(value: object): string {
  if (Array.isArray(value)) return 'an array';
  const maker: unknown = Object.getPrototypeOf(value)?.constructor;
  const name = typeof maker === 'function' ? maker.name : '';
  return name === '' || name === 'Object' ? 'an object' : `an instance of ${clip(name)}`;
}
