import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@cablecar/source', ...defaultServerConditions] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    coverage: { include: ['packages/*/src/**'], exclude: ['**/*.test.ts', '**/*.test-d.ts'] },
    typecheck: {
      enabled: true,
      checker: 'tsc',
      tsconfig: './tsconfig.check.json',
      include: ['packages/*/src/**/*.test-d.ts', 'test/**/*.test-d.ts'],
    },
  },
});
