import { lookup } from 'node:dns/promises';
import { resolveError } from './system-errors.ts';

/** The addresses of a host, as the system knows them: by its own table, DNS, or names of the link. */
export async function resolveHost(host: string): Promise<readonly string[]> {
  try {
    const found = await lookup(host, { all: true });
    return found.sort((one, other) => one.family - other.family).map(({ address }) => address);
  } catch (cause) {
    throw resolveError(host, cause);
  }
}
