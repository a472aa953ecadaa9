import { readFileSync } from 'node:fs';
import { RESULT_CODE_MEANINGS, RESULT_CODES, TRANSACTION_TYPES, type TransactionType } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { MODULES, SCHEDULE_KINDS } from '../src/index.ts';
import { operationOf, scheduledWorkOf } from '../src/modules/registry.ts';

/* Goal: every transaction type has one operation and its documentation, every kind of work one module. Method: the tables themselves. */

const types = Object.keys(TRANSACTION_TYPES) as TransactionType[];
const page = (name: string): string => readFileSync(new URL(`../../../docs/reference/${name}`, import.meta.url), 'utf8');

describe('every transaction type', () => {
  const reference = page('transactions.md');
  test.each(types)('%s belongs to one module and is documented', (type) => {
    expect(MODULES.filter(({ operations }) => Object.hasOwn(operations, type)).map(({ name }) => name)).toHaveLength(1);
    expect(operationOf(type)).toEqual({ check: expect.any(Function), execute: expect.any(Function) });
    expect([TRANSACTION_TYPES[type].summary.length > 0, reference.includes(`\`${type}\``) || reference.includes(`## ${type}`)]).toEqual([
      true,
      true,
    ]);
  });

  test('and no module has an operation for anything else', () => {
    expect(MODULES.flatMap(({ operations }) => Object.keys(operations)).sort()).toEqual([...types].sort());
  });
});

test('every kind of scheduled work belongs to one module', () => {
  const kinds = Object.values(SCHEDULE_KINDS);
  expect(MODULES.flatMap(({ scheduledWork }) => Object.keys(scheduledWork).map(Number)).sort()).toEqual([...kinds].sort());
  expect(kinds.map((kind) => typeof scheduledWorkOf(kind))).toEqual(kinds.map(() => 'function'));
  expect(scheduledWorkOf(0)).toBeUndefined();
});

test('modules have names of their own', () => {
  expect(new Set(MODULES.map(({ name }) => name)).size).toBe(MODULES.length);
});

test('every result code has a meaning on its page', () => {
  const reference = page('result-codes.md');
  expect(RESULT_CODES.filter((code) => !reference.includes(`\`${code}\``) || RESULT_CODE_MEANINGS[code] === '')).toEqual([]);
});
