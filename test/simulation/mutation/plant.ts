import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import type { Defect } from './defects.ts';

const PACKAGES = fileURLToPath(new URL('../../../packages/', import.meta.url));

/** Plants a defect while a program is bundled; the shipped code knows nothing of it. */
export function plant({ name, file, find, put }: Defect): Plugin {
  return {
    name: 'plant',
    enforce: 'pre',
    transform(code, id) {
      if (id !== PACKAGES + file) return undefined;
      const count = code.split(find).length - 1;
      if (count !== 1) throw new Error(`'${name}' has ${count} places in ${file}, expected one`);
      return { code: code.replace(find, () => put), map: null };
    },
  };
}
