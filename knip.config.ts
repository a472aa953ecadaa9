import type { KnipConfig } from 'knip';

// Reports files, dependencies and exports that nothing reaches. What a package exports through its index counts as reached.
const config: KnipConfig = {
  // For benchmarks, which come with the first budget to keep.
  ignoreDependencies: ['tinybench'],
  ignoreExportsUsedInFile: { type: true, interface: true },
  workspaces: {
    '.': {
      entry: ['scripts/{bootstrap.mjs,verify.ts,check.ts,demo.ts}'],
      project: ['scripts/**/*.{ts,mjs}', 'tooling/**/*.ts', '!tooling/fixtures/**'],
    },
    'packages/*': {
      project: ['src/**/*.ts', 'test/**/*.ts'],
    },
  },
};

export default config;
