import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Resolves workspace packages to their sources, so that tests need no build. */
const SOURCE_CONDITIONS = ['mutual-source', 'module', 'node', 'development|production'];

const packageNames = readdirSync(`${root}packages`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

export default defineConfig({
  resolve: { conditions: SOURCE_CONDITIONS },
  ssr: { resolve: { conditions: SOURCE_CONDITIONS, externalConditions: SOURCE_CONDITIONS } },
  test: {
    watch: false,
    passWithNoTests: false,
    // Many tests wait for other processes and for disks: of two processors none should be idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // A busy machine is no failure: only what hangs is stopped.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      ...packageNames.map((name) => ({
        extends: true as const,
        test: { name, root: `${root}packages/${name}`, include: ['test/**/*.test.ts', 'src/**/*.test.ts'] },
      })),
      { extends: true as const, test: { name: 'tooling', root, include: ['tooling/test/**/*.test.ts'] } },
    ],
    coverage: {
      provider: 'v8',
      // Taken relative to the repository, or to the root of each project when some are chosen with --project.
      include: ['packages/*/src/**/*.ts', 'src/**/*.ts'],
      exclude: ['**/*.d.ts'],
      reporter: ['text-summary', 'json-summary'],
      reportsDirectory: 'coverage',
      thresholds: {
        'packages/protocol/src/**/*.ts': { lines: 95 },
        'packages/state-machine/src/**/*.ts': { lines: 95 },
        'packages/consensus/src/**/*.ts': { lines: 95 },
      },
    },
  },
});
