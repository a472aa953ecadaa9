import type { KnipConfig } from 'knip';

// Reports files, dependencies and exports that nothing reaches. What a package exports through its index counts as reached.
const config: KnipConfig = {
  ignoreDependencies: [
    // For benchmarks, which come with the first budget to keep.
    'tinybench',
    // Runs as a program whose name differs.
    'dependency-cruiser',
  ],
  ignoreExportsUsedInFile: { type: true, interface: true },
  workspaces: {
    '.': {
      entry: ['scripts/{bootstrap.mjs,verify.ts,check.ts,demo.ts,start.ts}'],
      project: ['scripts/**/*.{ts,mjs}', 'tooling/**/*.ts', '!tooling/fixtures/**'],
    },
    'packages/*': {
      entry: ['bench/*.ts', 'scripts/*.ts'],
      project: ['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'],
    },
    // The program behind the command, started by its path.
    'packages/cli': {
      entry: ['src/main.ts', 'scripts/write-pages.ts'],
      project: ['src/**/*.ts', 'test/**/*.ts', 'scripts/**/*.ts'],
      // A second runtime, started by its path in tests of determinism.
      ignoreDependencies: ['node22'],
    },
  },
};

export default config;
