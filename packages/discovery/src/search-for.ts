import { ClassicSearch } from './classic/classic-search.ts';
import { NativeSearch } from './native-search.ts';
import type { ResolvedConnectorOptions } from './resolve-options.ts';
import type { Search, SearchListener } from './search.ts';

/** The search that the wire asks for. */
export function searchFor(options: ResolvedConnectorOptions, listener: SearchListener): Search {
  const { wire } = options;
  return wire === 'native'
    ? new NativeSearch(options, listener)
    : new ClassicSearch({ ...options, wire }, listener);
}
