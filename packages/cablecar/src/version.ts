import { readFileSync } from 'node:fs';

/** The version of this package; 'unknown' where a bundler has left its manifest behind. */
export function ownVersion(): string {
  try {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    const { name, version } = JSON.parse(manifest) as { name?: string; version?: string };
    return name === 'cablecar' && version !== undefined ? version : 'unknown';
  } catch {
    return 'unknown';
  }
}
