// Who may import whom. docs/architecture.md explains the order; tooling/test/import-rules.test.ts proves that each rule bites.

/**
 * The parts of the system, and the parts that each may import. A part is a folder of sources; what is not listed is forbidden.
 *
 * `npm`: pattern of the packages from the registry that the part may import; without it, those of its package.json.
 * `core`: pure, so nothing of Node.js.
 */
const PARTS = [
  {
    name: 'protocol',
    path: '^packages/protocol/src/(?!fast/)',
    mayImport: [],
    // zod checks the shape of JSON that comes from people: the genesis file and the JSON form of transactions. It is pure and synchronous.
    npm: '^(@noble/(hashes|curves|secp256k1)|@scure/(base|bip32|bip39)|@chainsafe/ssz|zod)(/|$)',
    core: true,
  },
  {
    // The implementation for Node.js, chosen at run time: never reached from the rest of the package, which browsers load too.
    name: 'protocol-fast',
    path: '^packages/protocol/src/fast/',
    mayImport: ['protocol'],
    npm: '^(@noble/(hashes|curves|secp256k1)|@chainsafe/(ssz|hashtree|as-sha256|persistent-merkle-tree)|hash-wasm|secp256k1)(/|$)',
  },
  { name: 'state-machine', path: '^packages/state-machine/src/', mayImport: ['protocol'], npm: '(?!)', core: true },
  // Never state-machine: to consensus a block is a hash and an input that says whether it is valid.
  { name: 'consensus', path: '^packages/consensus/src/', mayImport: ['protocol'], npm: '(?!)', core: true },
  { name: 'rpc-contract', path: '^packages/rpc/src/contract/', mayImport: ['protocol'], npm: '^zod(/|$)' },
  // Reaches the chain through ports that it declares itself.
  { name: 'rpc-server', path: '^packages/rpc/src/server/', mayImport: ['protocol', 'rpc-contract'] },
  { name: 'node', path: '^packages/node/src/', mayImport: ['protocol', 'protocol-fast', 'state-machine', 'consensus'] },
  { name: 'sdk', path: '^packages/sdk/src/', mayImport: ['protocol', 'rpc-contract'] },
  {
    name: 'cli',
    path: '^packages/cli/src/',
    mayImport: ['protocol', 'protocol-fast', 'state-machine', 'consensus', 'rpc-contract', 'rpc-server', 'node', 'sdk'],
  },
  { name: 'simulator', path: '^packages/simulator/src/', mayImport: ['protocol', 'protocol-fast', 'state-machine', 'consensus', 'node'] },
  { name: 'explorer', path: '^packages/explorer/src/', mayImport: ['sdk'] },
];

const NPM_TYPES = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown', 'undetermined'];
const TESTS = '(^packages/[^/]+/test/|[.]test[.]ts$)';

const orderRules = PARTS.map(({ name, path, mayImport }) => ({
  name: `${name}-order`,
  comment: `${name} may import ${mayImport.length === 0 ? 'no other part' : mayImport.join(', ')}.`,
  severity: 'error',
  from: { path, pathNot: TESTS },
  to: { path: '^(packages|examples)/', pathNot: [path, ...PARTS.filter((part) => mayImport.includes(part.name)).map((part) => part.path)] },
}));

const registryRules = PARTS.filter(({ npm }) => npm !== undefined).map(({ name, path, npm }) => ({
  name: `${name}-registry`,
  comment: `${name} may import only the packages that .dependency-cruiser.cjs lists.`,
  severity: 'error',
  from: { path, pathNot: TESTS },
  to: { dependencyTypes: NPM_TYPES, path: 'node_modules', pathNot: `node_modules/${npm.replace(/^\^/, '')}` },
}));

const coreRules = PARTS.filter(({ core }) => core).map(({ name, path }) => ({
  name: `${name}-pure`,
  comment: `${name} is a pure core: it does no input or output.`,
  severity: 'error',
  from: { path, pathNot: TESTS },
  to: { dependencyTypes: ['core'] },
}));

module.exports = {
  forbidden: [
    ...orderRules,
    ...registryRules,
    ...coreRules,
    {
      name: 'no-cycles',
      comment: 'Two files that import each other cannot be understood or tested apart.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-deep-imports',
      comment: 'Another package is reached through what its package.json exports.',
      severity: 'error',
      from: { path: '^(packages|examples)/([^/]+)/' },
      to: {
        path: '^packages/([^/]+)/',
        pathNot: [
          '^$1/$2/',
          '^packages/[^/]+/src/index[.]ts$',
          '^packages/protocol/src/fast/index[.]ts$',
          '^packages/node/src/p2p/index[.]ts$',
          '^packages/rpc/src/(contract|server)/index[.]ts$',
        ],
      },
    },
    {
      name: 'no-relative-imports-between-packages',
      comment: 'Another package is imported by its name.',
      severity: 'error',
      from: { path: '^(packages|examples)/([^/]+)/' },
      to: { path: '^packages/([^/]+)/', pathNot: '^$1/$2/', dependencyTypes: ['local'] },
    },
    {
      name: 'not-to-tests',
      comment: 'Tests import sources, never the other way round.',
      severity: 'error',
      from: { path: '^(packages|examples)/[^/]+/src/', pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'not-to-development-packages',
      comment: 'What runs in production is listed under dependencies, not devDependencies.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'not-to-unlisted-packages',
      comment: 'A package that sources import is listed in the package.json beside them.',
      severity: 'error',
      from: { path: '^(packages/[^/]+|examples/[^/]+)/src/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'An import has to lead somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules'] },
    exclude: { path: ['(^|/)dist/', '^tooling/fixtures/', '(^|/)coverage/'] },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['mutual-source', 'import', 'node', 'types', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.d.ts', '.json'],
    },
    skipAnalysisNotInRules: true,
  },
};
