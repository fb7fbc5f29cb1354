import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { optionsOf, type Option } from '../../tools/docs/read-options.ts';
import { readSources, ROOT } from '../../tools/sources.ts';

type Fields = Readonly<Record<string, unknown>>;
type Resolve = (options: Fields) => Fields;

/** Values for options that may have no default. */
const SAMPLES: Fields = { service: 'docs', host: '127.0.0.1', port: 8223 };

/** What an option's documentation gives as its default, if it is a plain value. */
function literal({ fallback }: Option): unknown {
  if (/^-?[\d_.]+$/.test(fallback)) return Number(fallback.replaceAll('_', ''));
  if (/^'[^']*'$/.test(fallback)) return fallback.slice(1, -1);
  return { true: true, false: false, Infinity }[fallback];
}

/** Numbers just outside of an option's documented range. */
function outside({ range }: Option): number[] {
  const [, low, high] = /^(-?[\d_]+) to (-?[\d_]+)$/.exec(range) ?? [];
  if (low === undefined || high === undefined) return [];
  return [Number(low.replaceAll('_', '')) - 1, Number(high.replaceAll('_', '')) + 1];
}

for (const source of readSources())
  for (const { name, options } of optionsOf(source)) {
    const module = (await import(pathToFileURL(join(ROOT, source.path)).href)) as Fields;
    const resolve = module[`resolve${name}`] as Resolve | undefined;
    if (resolve === undefined) continue; // made of others' options

    const required = Object.fromEntries(
      options
        .filter((option) => option.required)
        .map((option) => [option.name, SAMPLES[option.name]]),
    );

    describe(`the documented ${name}`, () => {
      it.each(options.filter((option) => literal(option) !== undefined))(
        'have the default that $name says: $fallback',
        (option) => {
          expect(resolve(required)[option.name]).toEqual(literal(option));
        },
      );

      it.each(options.filter((option) => outside(option).length > 0))(
        'have the range that $name says: $range',
        (option) => {
          for (const value of outside(option))
            expect(() => resolve({ ...required, [option.name]: value })).toThrow(
              new RegExp(`ERR_OPTION.*${option.name}`),
            );
        },
      );
    });
  }
