import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../src/amount/allocate.ts';

const total = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), fc.bigInt({ min: 0n, max: 50n }));
const weights = fc
  .array(fc.oneof(fc.bigInt({ min: 0n, max: 5n }), fc.bigInt({ min: 0n, max: 2n ** 64n })), { minLength: 1, maxLength: 12 })
  .filter((list) => list.some((weight) => weight > 0n));

describe('allocate', () => {
  it('gives out exactly the whole, each part its floor or one more', () => {
    fc.assert(
      fc.property(total, weights, (whole, list) => {
        const parts = allocate(whole, list);
        const sum = list.reduce((a, b) => a + b, 0n);
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(whole);
        for (const [index, weight] of list.entries()) {
          const extra = (parts[index] as bigint) - (whole * weight) / sum;
          expect(extra === 0n || extra === 1n).toBe(true);
        }
      }),
    );
  });

  it('gives the left-over units to the largest remainders, ties to the lowest index', () => {
    fc.assert(
      fc.property(total, weights, (whole, list) => {
        const parts = allocate(whole, list);
        const sum = list.reduce((a, b) => a + b, 0n);
        const entries = list.map((weight, index) => ({
          index,
          remainder: (whole * weight) % sum,
          hasExtra: parts[index] !== (whole * weight) / sum,
        }));
        for (const winner of entries.filter((entry) => entry.hasExtra)) {
          for (const loser of entries.filter((entry) => !entry.hasExtra)) {
            const isBefore = winner.remainder > loser.remainder || (winner.remainder === loser.remainder && winner.index < loser.index);
            expect(isBefore).toBe(true);
          }
        }
      }),
    );
  });

  it.each([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [1n, [1n, 1n], [1n, 0n]],
    [10n, [7000n, 2000n, 1000n], [7n, 2n, 1n]],
    [11n, [7000n, 2000n, 1000n], [8n, 2n, 1n]],
    [0n, [0n, 3n], [0n, 0n]],
    [5n, [0n, 3n], [0n, 5n]],
    [2n, [1n, 2n, 2n], [0n, 1n, 1n]],
  ])('splits %s by %o into %o', (whole, list, parts) => {
    expect(allocate(whole, list)).toEqual(parts);
  });

  it.each([
    [-1n, [1n]],
    [1n, []],
    [1n, [0n, 0n]],
    [1n, [2n, -1n]],
  ])('refuses %s by %o', (whole, list) => {
    expect(() => allocate(whole, list)).toThrow(expect.objectContaining({ code: 'PROTOCOL_RATE_INVALID' }));
  });
});
