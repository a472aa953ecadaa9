// Goal: what an index entry keeps is what was put into it, whatever stands beside it in the entry.
// Method: records, receipts and positions of few different values, so that neighbours share some of their fields, written and read again.

import { INPUTS, type LedgerRecord, RESULT_CODES, type Receipt, STATES } from '@mutual-chain/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader } from '../../src/indexes/byte-reader.ts';
import { ByteWriter } from '../../src/indexes/byte-writer.ts';
import { addPosition, decodeRuns, encodeRuns, type PositionRuns, positionsOf } from '../../src/indexes/position-runs.ts';
import { decodeReceiptChunk, encodeReceiptChunk } from '../../src/indexes/receipt-chunk.ts';
import { decodeRecordChunk, encodeRecordChunk } from '../../src/indexes/record-chunk.ts';

const HEIGHT = 2 ** 40 + 7;
const AMOUNT_MAX = 2n ** 128n - 1n;

const filled = (length: number): fc.Arbitrary<never> =>
  fc.constantFrom(0, 1, 255).map((value) => new Uint8Array(length).fill(value) as never);
const text = fc.constantFrom('', 'tea', 'Tee für 2', 'x'.repeat(256));
const amount = fc.constantFrom(0n, 1n, 255n, 256n, 10n ** 18n, 2n ** 64n - 1n, 2n ** 64n, AMOUNT_MAX);
const count = fc.constantFrom(0, 1, 127, 128, 65_535, 2 ** 32 - 1);

const record: fc.Arbitrary<LedgerRecord> = fc.record({
  state: fc.constantFrom(...STATES),
  input: fc.constantFrom(...INPUTS),
  transaction: fc.record({
    ...{ lot: filled(32), asset: fc.constantFrom('MTN', 'mUSD'), amount, from: filled(20), to: filled(20), revision: count },
    ...{ actor: filled(20), txId: filled(32), height: fc.constant(HEIGHT), index: count },
  }),
  business: fc.record({
    ...{ product: text, productId: filled(32), action: text, reason: text, memo: text, externalRef: text, parentLot: filled(32) },
  }),
});

const receipt: fc.Arbitrary<Receipt> = fc.record({
  ...{ code: fc.constantFrom(...RESULT_CODES), feePaid: amount, feePayer: filled(20), firstRecord: count, records: fc.nat({ max: 9 }) },
});

test('records', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 12 }), (records) => {
      expect(decodeRecordChunk(encodeRecordChunk(records), HEIGHT)).toEqual(records);
    }),
    { numRuns: 300 },
  );
});

test('receipts', () => {
  fc.assert(
    fc.property(fc.array(receipt, { maxLength: 12 }), (receipts) => {
      expect(decodeReceiptChunk(encodeReceiptChunk(receipts))).toEqual(receipts);
    }),
    { numRuns: 300 },
  );
});

test('positions', () => {
  const steps = fc.array(fc.constantFrom(0, 1, 1, 1, 2, 200, 20_000), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.nat({ max: 3 }), steps, fc.nat({ max: 300 }), (first, distances, from) => {
      const runs: PositionRuns = [];
      const positions: number[] = [];
      let position = first;
      for (const distance of [0, ...distances]) {
        position += distance;
        positions.push(position);
        addPosition(runs, position);
      }
      const read = decodeRuns(encodeRuns(runs));
      expect([...positionsOf(read, from)]).toEqual([...new Set(positions)].filter((each) => each >= from));
    }),
    { numRuns: 300 },
  );
});

test('values one after another', () => {
  const written = fc.array(
    fc.oneof(
      fc.record({ is: fc.constant('count' as const), value: fc.nat({ max: Number.MAX_SAFE_INTEGER }) }),
      fc.record({ is: fc.constant('amount' as const), value: fc.bigInt({ min: 0n, max: AMOUNT_MAX }) }),
      fc.record({ is: fc.constant('bytes' as const), value: fc.uint8Array({ maxLength: 3000 }) }),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(written, (values) => {
      const writer = new ByteWriter();
      for (const each of values) {
        if (each.is === 'count') writer.count(each.value);
        else if (each.is === 'amount') writer.amount(each.value);
        else writer.bytes(each.value);
      }
      const reader = new ByteReader(writer.take());
      const read = values.map(({ is }) => (is === 'count' ? reader.count() : is === 'amount' ? reader.amount() : reader.bytes()));
      expect(read).toEqual(values.map(({ value }) => value));
      expect([reader.isAtEnd, writer.take()]).toEqual([true, new Uint8Array(0)]);
    }),
    { numRuns: 300 },
  );
});

test('the second record of a transfer takes two bytes', () => {
  const [first, second] = fc.sample(record, { numRuns: 1, seed: 1 }).flatMap((each): LedgerRecord[] => {
    const business = { ...each.business, memo: '' };
    return [
      { ...each, state: 'S5', input: 'E04', business },
      { ...each, state: 'S2', input: 'E06', business },
    ];
  });
  if (first === undefined || second === undefined) throw new Error('no sample');
  expect(encodeRecordChunk([first, second]).length - encodeRecordChunk([first]).length).toBe(2);
});
