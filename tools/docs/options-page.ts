import type { Source } from '../sources.ts';
import { generatedFrom, page, table } from './markdown.ts';
import { optionsOf, type OptionsInterface } from './read-options.ts';

/** A default that is a value, and not words about one. */
const CODE = /^(?![a-z]+$)\S+$|^(?:true|false|undefined)$/;

/** `docs/options.md`, from the docstrings in every package's options.ts. */
export async function optionsPage(sources: readonly Source[]): Promise<string> {
  const interfaces = sources.flatMap(optionsOf);
  const known = new Set(interfaces.map(({ name }) => name));
  return page(
    '# Options',
    generatedFrom('the options.ts of the packages'),
    'Units are in the names: `Ms` is milliseconds, `Bytes` is bytes. A value outside of its range throws `ERR_OPTION`, which names the field, the value and the range.',
    ...interfaces.map((each) => section(each, known)),
  );
}

function section(
  { name, room, meaning, parents, options }: OptionsInterface,
  known: ReadonlySet<string>,
): string {
  const link = (parent: string): string => {
    const bare = parent.replace(/<.*/s, '');
    return known.has(bare) ? `[${bare}](#${bare.toLowerCase()})` : `\`${parent}\``;
  };
  const also = `It also takes every option of ${parents.map(link).join(' and ')}.`;
  const rows = options.map(({ name: option, type, required, fallback, range, meaning: means }) => [
    `\`${option}\``,
    `\`${type}\``,
    required ? 'required' : fallback.replace(CODE, '`$&`'),
    range,
    means,
  ]);
  return page(
    `## ${name}`,
    `${meaning} Package \`${room === 'cablecar' ? room : `@cablecar/${room}`}\`.`,
    ...(parents.length > 0 ? [also] : []),
    ...(rows.length > 0 ? [table(['option', 'type', 'default', 'range', 'meaning'], rows)] : []),
  );
}
