// Makes few files of the command and the whole library beneath it. As they are written they are some two hundred, and to
// find and link that many takes Node longer than all that a command does before it begins.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { ROOT } from '../sources.ts';

const CABLECAR = join(ROOT, 'packages/cablecar');
const DIST = join(CABLECAR, 'dist');

// What is called otherwise than before would stay.
for (const name of readdirSync(DIST)) if (name.startsWith('command')) rmSync(join(DIST, name));

await build({
  root: ROOT,
  configFile: false,
  logLevel: 'warn',
  ssr: { noExternal: true, resolve: { conditions: ['@cablecar/source'] } },
  build: {
    ssr: join(CABLECAR, 'src/cli/run.ts'),
    outDir: DIST,
    emptyOutDir: false, // the library is there
    minify: false, // a stack should say something
    target: 'node20',
    rolldownOptions: {
      output: { entryFileNames: 'command.js', chunkFileNames: 'command-[name].js' },
    },
  },
});
