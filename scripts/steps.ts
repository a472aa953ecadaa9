import type { Step } from './run-step.ts';

/** Compiles the packages to their dist folders. */
export const BUILD: Step = { name: 'build', command: ['tsc', '--build', 'tsconfig.build.json'] };

/** Biome colours its output even where nobody sees colours. */
const plain = process.stdout.isTTY ? [] : ['--colors=off'];

/** Everything that can be said about the code without running it. */
export const CHECKS: readonly Step[] = [
  { name: 'format', command: ['biome', 'ci', '--error-on-warnings', ...plain, '.'], remedy: 'pnpm fix repairs most of it.' },
  { name: 'lint', command: ['eslint', '--max-warnings', '0', '.'] },
  { name: 'types', command: ['tsc', '--build', 'tsconfig.json'] },
  {
    name: 'imports',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', 'packages', 'examples', 'scripts', 'tooling'],
    remedy: 'docs/architecture.md says who may import whom.',
  },
  { name: 'unused', command: ['knip', '--no-config-hints'], remedy: 'Delete what nobody uses, or stop exporting it.' },
];
