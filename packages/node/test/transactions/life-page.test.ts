import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MEMPOOL_LIMITS, NODE_ERRORS, TRANSACTION_LIMITS } from '@mutual-chain/node';
import { expect, test } from 'vitest';
import { ACCOUNT_SHARES } from '../../src/mempool/limits.ts';
import { ADMISSION_REFUSALS } from '../../src/mempool/refusal.ts';
import { encodeJournalRecord } from '../../src/transactions/journal-record.ts';
import { idOf, transfer } from './test-chain.ts';

/*
 * Goal: the page about the life of a transaction has every limit, refusal, record and error of the code, and no other. Method: the rows of its tables.
 */

const page = readFileSync(fileURLToPath(new URL('../../../../docs/reference/life-of-a-transaction.md', import.meta.url)), 'utf8');

/** The tables of a section: cells of their rows without the code marks, digits without their spaces. */
function tablesOf(section: string): readonly (readonly (readonly string[])[])[] {
  const start = page.indexOf(`## ${section}\n`);
  const end = page.indexOf('\n## ', start);
  const blocks = page.slice(start, end === -1 ? undefined : end).split('\n\n');
  return blocks
    .filter((block) => block.startsWith('|'))
    .map((block) => {
      const rows = block.trim().split('\n').slice(2);
      return rows.map((row) =>
        row
          .split('|')
          .slice(1, -1)
          .map((cell) =>
            cell
              .trim()
              .replaceAll('`', '')
              .replaceAll(/(?<=\d) (?=\d)/g, ''),
          ),
      );
    });
}

test('has every limit', () => {
  const [mempool, shares, around] = tablesOf('Limits');
  const numbers = (rows: typeof mempool): unknown => rows?.map(([name, value]) => [name, Number(value)]);
  expect(numbers(mempool)).toEqual(Object.entries(MEMPOOL_LIMITS));
  expect(shares?.map((row) => row.map(Number))).toEqual(ACCOUNT_SHARES.map((share) => [share.fullPercentMax, share.transactionsMax]));
  expect(numbers(around)).toEqual(Object.entries(TRANSACTION_LIMITS));
});

test('has every refusal with its field', () => {
  expect(tablesOf('Refusals')).toEqual([Object.entries(ADMISSION_REFUSALS).map(([code, { field }]) => [code, field])]);
});

test('has the kinds of records, and a remedy for every error', () => {
  const [kinds, , errors] = tablesOf('Journal');
  const records = [
    encodeJournalRecord({ type: 'transaction', raw: Uint8Array.of(1) }),
    encodeJournalRecord({ type: 'ended', id: idOf(transfer('a', 0)), status: 'rejected', timeSec: 5 }),
  ];
  expect(records.map(({ kind, payload }) => [String(kind), payload.length])).toEqual(kinds?.map(([kind], index) => [kind, [1, 41][index]]));
  expect(records[1]?.payload.slice(32)).toEqual(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 5));
  expect(errors?.map(([code]) => code)).toEqual(Object.keys(NODE_ERRORS).filter((code) => code.startsWith('JOURNAL_')));
});
