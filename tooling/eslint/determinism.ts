import type { ESLint, Linter } from 'eslint';
import { integerArithmetic } from './integer-arithmetic.ts';

// What the pure cores may not use, because two machines, two runs or two versions of Node.js could disagree about it.

const SCHEDULING = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'Promise',
];
const CLOCKS_AND_CHANCE = ['Date', 'performance', 'crypto', 'Intl'];
const SURROUNDINGS = ['process', 'console', 'global', 'globalThis', 'Buffer', 'require', 'fetch', 'WebSocket', 'structuredClone'];
const COLLECTOR_AND_THREADS = ['WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer', 'Atomics'];
const CODE_AND_METAPROGRAMMING = ['eval', 'Function', 'Proxy', 'Reflect'];
const FRACTIONS = ['parseFloat'];

/** Globals that no core may name. */
export const BANNED_GLOBALS: readonly string[] = [
  ...SCHEDULING,
  ...CLOCKS_AND_CHANCE,
  ...SURROUNDINGS,
  ...COLLECTOR_AND_THREADS,
  ...CODE_AND_METAPROGRAMMING,
  ...FRACTIONS,
];

/** Members of `Math` whose result on integers is the same integer everywhere; the others are banned. */
const INTEGER_MATH = ['min', 'max', 'imul', 'clz32', 'floor', 'ceil', 'trunc'];

type BannedProperty = { readonly object?: string; readonly property: string; readonly message: string };

const ofObject = (object: string, properties: readonly string[], message: string): BannedProperty[] =>
  properties.map((property) => ({ object, property, message }));

/** Members that no core may use. */
export const BANNED_PROPERTIES: readonly BannedProperty[] = [
  ...ofObject('JSON', ['parse', 'stringify'], 'Use the canonical codec.'),
  ...ofObject('Number', ['parseFloat', 'EPSILON'], 'The cores have no fractions.'),
  ...['localeCompare', 'toLocaleString', 'toLocaleUpperCase', 'toLocaleLowerCase', 'normalize'].map((property) => ({
    property,
    message: 'The result depends on the locale data of the machine.',
  })),
  ...['toFixed', 'toPrecision', 'toExponential'].map((property) => ({ property, message: 'The cores have no fractions.' })),
  ...['stack'].map((property) => ({ property, message: 'A stack trace differs between builds.' })),
];

type BannedSyntax = { readonly selector: string; readonly message: string };

/** Keys come in the order of insertion, and those that look like integers come first: only a constant's are known from its text. */
const UNORDERED_KEYS: BannedSyntax = {
  selector:
    "CallExpression[callee.object.name='Object'][callee.property.name=/^(keys|entries|values)$/]" +
    ':not([arguments.0.type=Identifier][arguments.0.name=/^[A-Z][A-Z0-9_]*$/])',
  message: 'Only the keys of a CONSTANT have a known order: iterate over a sorted list.',
};

/** Syntax that no core may use. */
export const BANNED_SYNTAX: readonly BannedSyntax[] = [
  UNORDERED_KEYS,
  { selector: 'ForInStatement', message: 'for…in has no order to rely on: iterate over a sorted list.' },
  { selector: 'AwaitExpression', message: 'The cores are synchronous.' },
  { selector: ':function[async=true]', message: 'The cores are synchronous.' },
  { selector: 'ForOfStatement[await=true]', message: 'The cores are synchronous.' },
  { selector: 'ImportExpression', message: 'The cores are synchronous.' },
  {
    selector: 'CallExpression[callee.property.name=/^(sort|toSorted)$/][arguments.length=0]',
    message: 'Sort with a comparator that orders every two different items.',
  },
  {
    selector: `MemberExpression[object.name='Math'][computed=false][property.name!=/^(${INTEGER_MATH.join('|')})$/]`,
    message: `Only the integer part of Math is allowed: ${INTEGER_MATH.join(', ')}.`,
  },
  {
    selector: ":not(MemberExpression[computed=false]) > Identifier[name='Math']",
    message: 'Name the member of Math, so that it can be checked.',
  },
  {
    selector: 'TSTypeReference[typeName.name=/^(Promise|PromiseLike|Date)$/]',
    message: 'The cores are synchronous and have no clock, and so are their types.',
  },
  { selector: 'TSAnyKeyword', message: 'No any: use unknown and narrow it.' },
  {
    selector: ":matches(Program, Program > ExportNamedDeclaration) > VariableDeclaration[kind!='const']",
    message: 'State of a module outlives a call: pass it in.',
  },
];

const BANNED_IMPORTS = {
  regex:
    '^(node:|(assert|buffer|child_process|cluster|crypto|dgram|dns|events|fs|http|http2|https|module|net|os|path|perf_hooks|process|' +
    'readline|stream|timers|tls|url|util|v8|vm|worker_threads|zlib)(/|$)|libp2p|@libp2p/|level$|classic-level|abstract-level|fastify|pino)',
  message: 'The cores do no input or output.',
};

/** What one file may use all the same; the reason stands in the configuration beside it. */
type Exception = 'JSON' | 'Object.keys';

/** The rules of the determinism block, for the sources of the pure cores. */
export function determinismRules(...exceptions: Exception[]): Linter.RulesRecord {
  const properties = BANNED_PROPERTIES.filter(({ object }) => object !== 'JSON' || !exceptions.includes('JSON'));
  const syntax = BANNED_SYNTAX.filter((banned) => banned !== UNORDERED_KEYS || !exceptions.includes('Object.keys'));
  return {
    'no-restricted-globals': ['error', ...BANNED_GLOBALS.map((name) => ({ name, message: 'The cores get everything as an argument.' }))],
    'no-restricted-imports': ['error', { patterns: [BANNED_IMPORTS] }],
    'no-restricted-properties': ['error', ...properties],
    'no-restricted-syntax': ['error', ...syntax],
    'mutual/integer-arithmetic': 'error',
    '@typescript-eslint/require-array-sort-compare': ['error', { ignoreStringArrays: false }],
    '@typescript-eslint/no-non-null-assertion': 'error',
  };
}

/** ESLint plugin with the rules that the project wrote itself. */
export const MUTUAL_PLUGIN: ESLint.Plugin = { meta: { name: 'mutual' }, rules: { 'integer-arithmetic': integerArithmetic } };
