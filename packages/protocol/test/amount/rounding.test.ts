import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BPS_WHOLE, ceilDivide, payoutAfterFee } from '../../src/amount/rounding.ts';

describe('rounding', () => {
  it('rounds a quotient up to the least number that is enough', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n }), fc.bigInt({ min: 1n, max: 2n ** 64n }), (numerator, denominator) => {
        const quotient = ceilDivide(numerator, denominator);
        expect(quotient * denominator >= numerator).toBe(true);
        expect((quotient - 1n) * denominator < numerator).toBe(true);
      }),
    );
  });

  it.each([
    [1n, 0n],
    [1n, -1n],
    [-1n, 1n],
  ])('refuses %s / %s', (numerator, denominator) => {
    expect(() => ceilDivide(numerator, denominator)).toThrow(expect.objectContaining({ code: 'PROTOCOL_RATE_INVALID' }));
  });

  it('takes a fee out of a payout without losing a unit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n }), fc.bigInt({ min: 0n, max: BPS_WHOLE }), (gross, feeBps) => {
        const { payout, fee } = payoutAfterFee(gross, feeBps);
        expect(payout + fee).toBe(gross);
        expect(payout).toBe((gross * (10_000n - feeBps)) / 10_000n);
      }),
    );
  });

  it.each([
    [999n, 100n, 989n, 10n],
    [1n, 1n, 0n, 1n],
    [100n, 0n, 100n, 0n],
    [100n, 10_000n, 0n, 100n],
  ])('pays of %s at %s bps %s and keeps %s', (gross, feeBps, payout, fee) => {
    expect(payoutAfterFee(gross, feeBps)).toEqual({ payout, fee });
  });

  it.each([
    [-1n, 0n],
    [1n, -1n],
    [1n, 10_001n],
  ])('refuses %s at %s bps', (gross, feeBps) => {
    expect(() => payoutAfterFee(gross, feeBps)).toThrow(expect.objectContaining({ code: 'PROTOCOL_RATE_INVALID' }));
  });
});
