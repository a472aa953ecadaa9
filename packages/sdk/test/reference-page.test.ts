// Goal: docs/reference/sdk.md says what the code says, and every error says what to do.
// Method: make the page from the tables and compare; look up the remedy of every code a caller can meet.

import { readFileSync } from 'node:fs';
import { RESULT_CODES } from '@mutual-chain/protocol';
import { METHODS, RPC_ERRORS } from '@mutual-chain/rpc/contract';
import { expect, test } from 'vitest';
import { referencePage } from '../scripts/reference-page.ts';
import { remedyOf, SDK_ERRORS } from '../src/index.ts';

test('docs/reference/sdk.md is what the code says', () => {
  expect(readFileSync(new URL('../../../docs/reference/sdk.md', import.meta.url), 'utf8')).toBe(referencePage());
});

test('every code of this package, and every result of a transaction that is none, has a remedy of its own', () => {
  const general = remedyOf('A_CODE_OF_A_NEWER_NODE');
  const codes = [...Object.keys(SDK_ERRORS), ...RESULT_CODES.filter((code) => code !== 'OK')];
  expect(codes.filter((code) => remedyOf(code) === general)).toEqual([]);
});

const codes = [...Object.keys(SDK_ERRORS), ...Object.keys(RPC_ERRORS), ...RESULT_CODES, 'NONCE_USED'];

test('remedies are sentences', () => {
  expect(codes.map(remedyOf).filter((remedy) => !/^[A-Z].*\.$/.test(remedy))).toEqual([]);
});

test('remedies name methods that there are', () => {
  const named = codes.flatMap((code) => remedyOf(code).match(/mutual_\w+|rpc\.\w+/g) ?? []);
  const methods: readonly string[] = METHODS.map(({ name }) => name);
  expect(named.filter((name) => !methods.includes(name))).toEqual([]);
  expect(named.length).toBeGreaterThan(5);
});
