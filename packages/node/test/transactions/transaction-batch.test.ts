import { RAW_TRANSACTION_BYTES_MAX } from '@mutual-chain/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STREAM_LIMITS } from '../../src/p2p/limits.ts';
import { TRANSACTION_LIMITS } from '../../src/transactions/limits.ts';
import { BATCH_HEADER_BYTES, BATCH_VERSION, bytesInBatch, decodeBatch, encodeBatch } from '../../src/transactions/transaction-batch.ts';

/*
 * Goal: a batch has one form, and nothing else is one. Method: tables of what is wrong, and any bytes.
 */

const { messageBytesMax } = STREAM_LIMITS.transactions;

test('a batch is its version and each transaction with its length before it', () => {
  expect(encodeBatch([Uint8Array.of(7, 8), Uint8Array.of(9)])).toEqual(Uint8Array.of(1, 0, 2, 7, 8, 0, 1, 9));
  expect(decodeBatch(Uint8Array.of(1, 0, 2, 7, 8, 0, 1, 9))).toEqual({ transactions: [Uint8Array.of(7, 8), Uint8Array.of(9)] });
  expect(() => encodeBatch([])).toThrow('a batch has transactions');
});

describe('no batch', () => {
  const tooLong = new Uint8Array(RAW_TRANSACTION_BYTES_MAX + 4);
  tooLong.set([BATCH_VERSION, (RAW_TRANSACTION_BYTES_MAX + 1) >> 8, (RAW_TRANSACTION_BYTES_MAX + 1) & 255]);
  test.each([
    ['is nothing', [], 'a batch of transactions has version none, not 1'],
    ['is of another version', [2, 0, 1, 9], 'a batch of transactions has version 2, not 1'],
    ['is empty', [1], 'a batch of transactions is empty'],
    ['has an empty transaction', [1, 0, 0], 'a batch of transactions has a wrong length at byte 1'],
    ['ends within a length', [1, 0, 1, 9, 0], 'a batch of transactions has a wrong length at byte 4'],
    ['ends within a transaction', [1, 0, 1, 9, 0, 2, 9], 'a batch of transactions has a wrong length at byte 4'],
    ['has a transaction that is too long', tooLong, 'a batch of transactions has a wrong length at byte 1'],
    ['is too long', new Uint8Array(messageBytesMax + 1).fill(1), 'a batch of transactions is too long'],
  ])('%s', (_, bytes, refusal) => {
    expect(decodeBatch(Uint8Array.from(bytes))).toEqual({ refusal });
  });

  test('is anything that would be written in another way', () => {
    const parts = fc.array(fc.uint8Array({ minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 5 });
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((rest) => Uint8Array.of(1, ...rest)),
      parts.map(encodeBatch),
    );
    fc.assert(
      fc.property(bytes, (each) => {
        const read = decodeBatch(each);
        if ('transactions' in read) expect(encodeBatch(read.transactions)).toEqual(each);
        else expect(read.refusal).not.toBe('');
      }),
    );
  });
});

test('batches of transactions, and of one alone, are such as a link takes', () => {
  const longest = BATCH_HEADER_BYTES + bytesInBatch(new Uint8Array(RAW_TRANSACTION_BYTES_MAX));
  expect(Math.max(TRANSACTION_LIMITS.batchBytes, longest)).toBeLessThanOrEqual(messageBytesMax);
});
