// Biome formats and lints everything. ESLint adds what needs types, and keeps the cores deterministic.
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { determinismRules, MUTUAL_PLUGIN } from './tooling/eslint/determinism.ts';
import { TYPE_AWARE_RULES } from './tooling/eslint/type-aware.ts';

const CORE_SOURCES = 'packages/{protocol,state-machine,consensus}/src/**/*.ts';

/** Runs on Node.js only and is chosen at run time: it loads native code, so it waits for it. */
const NATIVE_SOURCES = 'packages/protocol/src/fast/**';

export default defineConfig(
  { ignores: ['**/dist/**', '**/coverage/**', 'tooling/fixtures/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    ignores: ['**/*.d.ts'],
    plugins: { '@typescript-eslint': tseslint.plugin, mutual: MUTUAL_PLUGIN },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: TYPE_AWARE_RULES,
  },
  {
    files: [CORE_SOURCES],
    ignores: [NATIVE_SOURCES, '**/*.test.ts', '**/*.d.ts'],
    linterOptions: { noInlineConfig: true },
    rules: determinismRules(),
  },

  // The exceptions, each with its reason. A core has no other way to switch a rule off.
  {
    name: 'the JSON form is text that goes in and out, and nothing of it is hashed',
    files: ['packages/protocol/src/**/*json*.ts'],
    rules: determinismRules('JSON', 'Object.keys'),
  },
  {
    name: 'the fields of a container have the order in which its table is written',
    files: ['packages/protocol/src/ssz/codec.ts'],
    rules: determinismRules('Object.keys'),
  },
  {
    name: 'the tables of operations are constants of their modules',
    files: ['packages/state-machine/src/modules/registry.ts'],
    rules: determinismRules('Object.keys'),
  },
);
