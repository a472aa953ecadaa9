// Goal: each rule of .dependency-cruiser.cjs reports what it forbids, and lets pass what the order of the packages allows.
// Method: write a small workspace with one wrong import per file into a temporary folder, run the real configuration on it, and
// compare the rules it names with the ones written here.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CONFIGURATION = join(ROOT, '.dependency-cruiser.cjs');

type Configuration = { readonly forbidden: readonly { readonly name: string }[] };
const { forbidden } = createRequire(import.meta.url)(CONFIGURATION) as Configuration;

const PACKAGES = ['protocol', 'state-machine', 'consensus', 'rpc', 'node', 'sdk', 'cli', 'simulator', 'explorer'];
const LISTED = ['@noble/hashes', '@chainsafe/ssz', '@chainsafe/hashtree', 'hash-wasm', 'zod', 'commander'];

/** `file` imports `specifier`; `rules` have to report it. */
type Import = { readonly file: string; readonly specifier: string; readonly rules: readonly string[] };

const WRONG: readonly Import[] = [
  // The order of the packages.
  { file: 'packages/protocol/src/wrong-1.ts', specifier: '@mutual-chain/state-machine', rules: ['protocol-order'] },
  { file: 'packages/protocol/src/wrong-2.ts', specifier: './fast/index.ts', rules: ['protocol-order'] },
  { file: 'packages/protocol/src/fast/wrong.ts', specifier: '@mutual-chain/state-machine', rules: ['protocol-fast-order'] },
  { file: 'packages/state-machine/src/wrong-1.ts', specifier: '@mutual-chain/node', rules: ['state-machine-order'] },
  { file: 'packages/state-machine/src/wrong-2.ts', specifier: '@mutual-chain/protocol/fast', rules: ['state-machine-order'] },
  { file: 'packages/consensus/src/wrong-1.ts', specifier: '@mutual-chain/state-machine', rules: ['consensus-order'] },
  { file: 'packages/rpc/src/contract/wrong-1.ts', specifier: '@mutual-chain/state-machine', rules: ['rpc-contract-order'] },
  { file: 'packages/rpc/src/contract/wrong-2.ts', specifier: '../server/index.ts', rules: ['rpc-contract-order'] },
  { file: 'packages/rpc/src/server/wrong.ts', specifier: '@mutual-chain/node', rules: ['rpc-server-order'] },
  { file: 'packages/node/src/wrong-1.ts', specifier: '@mutual-chain/cli', rules: ['node-order'] },
  { file: 'packages/sdk/src/wrong-1.ts', specifier: '@mutual-chain/node', rules: ['sdk-order'] },
  { file: 'packages/cli/src/wrong.ts', specifier: '@mutual-chain/simulator', rules: ['cli-order'] },
  { file: 'packages/simulator/src/wrong.ts', specifier: '@mutual-chain/cli', rules: ['simulator-order'] },
  { file: 'packages/explorer/src/wrong.ts', specifier: '@mutual-chain/protocol', rules: ['explorer-order'] },
  // Packages from the registry.
  { file: 'packages/protocol/src/wrong-3.ts', specifier: 'hash-wasm', rules: ['protocol-registry'] },
  { file: 'packages/protocol/src/fast/wrong-2.ts', specifier: 'zod', rules: ['protocol-fast-registry'] },
  { file: 'packages/state-machine/src/wrong-3.ts', specifier: 'zod', rules: ['state-machine-registry'] },
  { file: 'packages/consensus/src/wrong-2.ts', specifier: '@noble/hashes', rules: ['consensus-registry'] },
  { file: 'packages/rpc/src/contract/wrong-3.ts', specifier: 'commander', rules: ['rpc-contract-registry'] },
  // Purity.
  { file: 'packages/protocol/src/wrong-4.ts', specifier: 'node:fs', rules: ['protocol-pure'] },
  { file: 'packages/state-machine/src/wrong-4.ts', specifier: 'node:fs', rules: ['state-machine-pure'] },
  { file: 'packages/consensus/src/wrong-3.ts', specifier: 'node:fs', rules: ['consensus-pure'] },
  // The borders of a package.
  {
    file: 'packages/node/src/wrong-2.ts',
    specifier: '../../protocol/src/inner.ts',
    rules: ['no-deep-imports', 'no-relative-imports-between-packages'],
  },
  { file: 'packages/node/src/wrong-3.ts', specifier: '../../protocol/src/index.ts', rules: ['no-relative-imports-between-packages'] },
  {
    file: 'examples/wallet/src/wrong.ts',
    specifier: '../../../packages/sdk/src/index.ts',
    rules: ['no-relative-imports-between-packages'],
  },
  // Cycles, tests, packages that are missing or listed in the wrong place.
  { file: 'packages/node/src/cycle-1.ts', specifier: './cycle-2.ts', rules: ['no-cycles'] },
  { file: 'packages/node/src/wrong-4.ts', specifier: '../test/helper.ts', rules: ['node-order', 'not-to-tests'] },
  { file: 'packages/node/src/wrong-5.ts', specifier: 'development-tool', rules: ['not-to-development-packages'] },
  { file: 'packages/node/src/wrong-6.ts', specifier: 'unlisted', rules: ['not-to-unlisted-packages'] },
  { file: 'packages/node/src/wrong-7.ts', specifier: './nowhere.ts', rules: ['not-to-unresolvable'] },
];

const RIGHT: readonly Import[] = [
  { file: 'packages/protocol/src/right-1.ts', specifier: '@noble/hashes' },
  { file: 'packages/protocol/src/right-2.ts', specifier: '@chainsafe/ssz' },
  { file: 'packages/protocol/src/right-3.ts', specifier: 'zod' },
  { file: 'packages/protocol/src/fast/right-1.ts', specifier: '../inner.ts' },
  { file: 'packages/protocol/src/fast/right-2.ts', specifier: '@chainsafe/hashtree' },
  { file: 'packages/state-machine/src/right.ts', specifier: '@mutual-chain/protocol' },
  { file: 'packages/consensus/src/right.ts', specifier: '@mutual-chain/protocol' },
  { file: 'packages/rpc/src/contract/right-1.ts', specifier: '@mutual-chain/protocol' },
  { file: 'packages/rpc/src/contract/right-2.ts', specifier: 'zod' },
  { file: 'packages/rpc/src/server/right.ts', specifier: '../contract/index.ts' },
  { file: 'packages/node/src/right-1.ts', specifier: '@mutual-chain/protocol/fast' },
  { file: 'packages/node/src/right-2.ts', specifier: '@mutual-chain/consensus' },
  { file: 'packages/node/src/right-3.ts', specifier: '@mutual-chain/state-machine' },
  { file: 'packages/node/src/right-4.ts', specifier: 'node:fs' },
  { file: 'packages/sdk/src/right.ts', specifier: '@mutual-chain/rpc/contract' },
  { file: 'packages/cli/src/right-1.ts', specifier: '@mutual-chain/rpc/server' },
  { file: 'packages/cli/src/right-2.ts', specifier: '@mutual-chain/node' },
  { file: 'packages/cli/src/right-3.ts', specifier: 'commander' },
  { file: 'packages/simulator/src/right.ts', specifier: '@mutual-chain/node' },
  { file: 'packages/explorer/src/right.ts', specifier: '@mutual-chain/sdk' },
  { file: 'packages/state-machine/test/right.test.ts', specifier: 'node:fs' },
  // The way back of the cycle above, which is reported once.
  { file: 'packages/node/src/cycle-2.ts', specifier: './cycle-1.ts' },
  { file: 'examples/wallet/src/right.ts', specifier: '@mutual-chain/sdk' },
].map((each) => ({ ...each, rules: [] }));

const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'import-rules-')));
afterAll(() => rmSync(workspace, { recursive: true }));

function write(path: string, text: string): void {
  const full = join(workspace, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}

function writeRegistryPackage(name: string): void {
  write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
  write(`node_modules/${name}/index.js`, 'module.exports = {};\n');
}

function writeWorkspace(imports: readonly Import[]): void {
  write('package.json', JSON.stringify({ name: 'fixture', private: true }));
  for (const name of [...LISTED, 'development-tool', 'unlisted']) writeRegistryPackage(name);
  mkdirSync(join(workspace, 'node_modules/@mutual-chain'), { recursive: true });
  const dependencies = Object.fromEntries(LISTED.map((name) => [name, '1.0.0']));
  for (const name of PACKAGES) {
    const entries = name === 'rpc' ? ['contract/index', 'server/index'] : name === 'protocol' ? ['index', 'fast/index'] : ['index'];
    const exports = Object.fromEntries(
      entries.map((entry) => [entry === 'index' ? '.' : `./${dirname(entry)}`, { 'mutual-source': `./src/${entry}.ts` }]),
    );
    write(
      `packages/${name}/package.json`,
      JSON.stringify({ name: `@mutual-chain/${name}`, exports, dependencies, devDependencies: { 'development-tool': '1.0.0' } }),
    );
    for (const entry of [...entries, 'inner']) write(`packages/${name}/src/${entry}.ts`, 'export const value: number = 1;\n');
    write(`packages/${name}/test/helper.ts`, 'export const value: number = 1;\n');
    symlinkSync(`../../packages/${name}`, join(workspace, 'node_modules/@mutual-chain', name));
  }
  write('examples/wallet/package.json', JSON.stringify({ name: 'wallet' }));
  for (const { file, specifier } of imports)
    write(file, `import * as imported from '${specifier}';\nexport const use: unknown = imported;\n`);
}

type Report = { readonly summary: { readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[] } };

function cruise(): string[] {
  const { stdout } = spawnSync(
    join(ROOT, 'node_modules/.bin/depcruise'),
    ['--config', CONFIGURATION, 'packages', 'examples', '--output-type', 'json'],
    { cwd: workspace, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const { summary } = JSON.parse(stdout) as Report;
  return summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`);
}

describe('the import rules', () => {
  writeWorkspace([...WRONG, ...RIGHT]);
  const violations = cruise();

  test.each([...WRONG, ...RIGHT])('$file importing $specifier breaks $rules', ({ file, rules }) => {
    const broken = violations.filter((violation) => violation.startsWith(`${file}: `));
    expect([...new Set(broken)].sort()).toEqual(rules.map((rule) => `${file}: ${rule}`).sort());
  });

  test.each(forbidden)('$name is broken by at least one wrong import', ({ name }) => {
    expect(WRONG.filter(({ rules }) => rules.includes(name))).not.toEqual([]);
  });
});
