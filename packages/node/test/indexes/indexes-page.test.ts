import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { INDEX_FORM, INDEX_READ_LIMITS, NODE_ERRORS } from '@mutual-chain/node';
import { expect, test } from 'vitest';
import { INDEX_KINDS } from '../../src/indexes/index-key.ts';

/*
 * Goal: the page about indexes has every kind of entry, every limit and every error of the code, and no other. Method: the rows of its tables.
 */

const page = readFileSync(fileURLToPath(new URL('../../../../docs/reference/indexes.md', import.meta.url)), 'utf8');
/** First cells of the rows that begin with a name in code, with the cell after it. */
const rows = [...page.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)].map(([, name, cell]) => [name as string, cell as string] as const);
const named = rows.filter(([name]) => /^[a-z]/.test(name)).map(([name, cell]) => [name, Number(cell)]);

test('has every kind of entry with its byte, then every limit', () => {
  expect(named).toEqual([...Object.entries(INDEX_KINDS), ...Object.entries(INDEX_FORM), ...Object.entries(INDEX_READ_LIMITS)]);
});

test('has a remedy for every error', () => {
  const codes = Object.keys(NODE_ERRORS).filter((code) => code.startsWith('INDEX_'));
  expect(rows.map(([name]) => name).filter((name) => /^[A-Z_]+$/.test(name))).toEqual([...codes, 'STORAGE_RECORD_CORRUPT']);
});
