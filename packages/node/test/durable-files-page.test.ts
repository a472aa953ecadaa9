import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { NODE_ERRORS } from '../src/errors.ts';
import { WAL_LIMITS } from '../src/wal/limits.ts';

/*
 * Goal: the page about files that keep promises has every error and limit of the code, and no other. Method: the rows of its tables.
 */

const page = readFileSync(fileURLToPath(new URL('../../../docs/reference/durable-files.md', import.meta.url)), 'utf8');
/** First cells of the rows that begin with a name in code, with the cell after it. */
const rows = [...page.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)].map(([, name, cell]) => [name as string, cell as string] as const);

test('has a remedy for every error', () => {
  const codes = Object.keys(NODE_ERRORS).filter((code) => /^(FILE|WAL|SIGNER|KEY)_/.test(code));
  expect(rows.map(([name]) => name).filter((name) => /^[A-Z_]+$/.test(name))).toEqual(codes);
});

test('has every limit of the log', () => {
  const limits = rows.filter(([name]) => /^[a-z]/.test(name)).map(([name, value]) => [name, Number(value.replaceAll(' ', ''))]);
  expect(limits).toEqual(Object.entries(WAL_LIMITS));
});
