// Goal: the determinism block cannot be weakened unseen, and it leaves room for what a core has to do.
// Method: lint two fixtures with the real configuration, under the names of source files of a core. In the first, the end of each
// line says which rules have to report it; the second has to pass.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ESLint, type Linter } from 'eslint';
import { describe, expect, test } from 'vitest';
import { BANNED_GLOBALS, BANNED_PROPERTIES, BANNED_SYNTAX, determinismRules } from '../eslint/determinism.ts';
import { TYPE_AWARE_RULES } from '../eslint/type-aware.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const CORE_FILE = 'packages/state-machine/src/determinism-fixture.ts';
const NATIVE_FILE = 'packages/protocol/src/fast/determinism-fixture.ts';
const JSON_FILE = 'packages/protocol/src/determinism-json-fixture.ts';
const SHELL_FILE = 'packages/node/src/determinism-fixture.ts';

const FILES = [CORE_FILE, NATIVE_FILE, JSON_FILE, SHELL_FILE];

const readFixture = (name: string): string => readFileSync(new URL(`../fixtures/determinism/${name}`, import.meta.url), 'utf8');

/** Lints a text as if it were the file of that name. */
async function lint(text: string, filePath: string): Promise<Linter.LintMessage[]> {
  const eslint = new ESLint({
    cwd: ROOT,
    overrideConfig: {
      files: [filePath],
      languageOptions: { parserOptions: { projectService: { allowDefaultProject: FILES, defaultProject: 'tsconfig.base.json' } } },
    },
  });
  const [result] = await eslint.lintText(text, { filePath });
  return result?.messages ?? [];
}

/** What a fixture expects: `line rule` for each report, from the comments at the ends of its lines. */
function expectedReports(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const rules = /\/\/ ✗ (.+)$/.exec(line)?.[1];
    return rules === undefined ? [] : rules.split(', ').map((rule) => `${index + 1} ${rule}`);
  });
}

describe('the file of deliberate violations', async () => {
  const text = readFixture('violations.ts');
  const messages = await lint(text, CORE_FILE);
  const reported = messages.map(({ ruleId, message, line }) => ({ ruleId: ruleId ?? 'ignored-comment', message, line }));

  test('is reported in exactly the marked lines', () => {
    expect(reported.map(({ line, ruleId }) => `${line} ${ruleId}`).sort()).toEqual(expectedReports(text).sort());
  });

  test('has exactly 94 errors', () => {
    expect(messages.filter(({ severity }) => severity === 2)).toHaveLength(94);
  });

  test.each(BANNED_GLOBALS)('shows that the global %s is banned', (name) => {
    expect(reported.filter(({ message }) => message.includes(`'${name}'`))).not.toEqual([]);
  });

  test.each(BANNED_PROPERTIES)('shows that $object.$property is banned', ({ object, property }) => {
    const name = object === undefined ? `'${property}'` : `'${object}.${property}'`;
    expect(reported.filter(({ ruleId, message }) => ruleId === 'no-restricted-properties' && message.includes(name))).not.toEqual([]);
  });

  test.each(BANNED_SYNTAX)('shows that $selector is banned', ({ message }) => {
    expect(reported.filter((each) => each.ruleId === 'no-restricted-syntax' && each.message === message)).not.toEqual([]);
  });

  test.each(Object.keys({ ...determinismRules(), ...TYPE_AWARE_RULES }))('breaks the rule %s', (rule) => {
    expect(reported.filter(({ ruleId }) => ruleId === rule)).not.toEqual([]);
  });
});

describe('what stays possible', () => {
  test('a core may use zod, bigints, rounded divisions and sorted lists', async () => {
    expect(await lint(readFixture('lawful.ts'), CORE_FILE)).toEqual([]);
  });

  test('the native implementation may wait for what it loads', async () => {
    expect(await lint("export async function load(): Promise<unknown> {\n  return await import('hash-wasm');\n}\n", NATIVE_FILE)).toEqual(
      [],
    );
  });

  test('the JSON form may use JSON, but no clock', async () => {
    const messages = await lint(
      "export const parse = (): unknown => JSON.parse('1');\nexport const now: number = Date.now();\n",
      JSON_FILE,
    );
    expect(messages.map(({ line, ruleId }) => `${line} ${ruleId}`)).toEqual(['2 no-restricted-globals']);
  });

  test('the shell may read the clock', async () => {
    expect(await lint('export const now: number = Date.now();\n', SHELL_FILE)).toEqual([]);
  });
});
