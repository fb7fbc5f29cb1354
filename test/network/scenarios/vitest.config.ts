import { fileURLToPath } from 'node:url';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The scenarios at full length, one after the other, with a report of what they showed. */
export default defineConfig({
  root,
  ssr: { resolve: { conditions: ['@cablecar/source', ...defaultServerConditions] } },
  test: {
    include: ['test/network/scenarios/*.test.ts'],
    env: { SCENARIOS: 'full' },
    fileParallelism: false,
    hookTimeout: 60_000,
    reporters: ['verbose', 'json'],
    outputFile: { json: '.cache/scenarios.json' },
  },
});
