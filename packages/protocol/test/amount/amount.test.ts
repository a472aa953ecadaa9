import { formatUnits as ethersFormatUnits, parseUnits as ethersParseUnits } from 'ethers';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AMOUNT_MAX, formatAmount, isAmount, parseAmount } from '../../src/amount/amount.ts';
import { formatUnits, parseUnits } from '../../src/amount/units.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const anyAmount = fc.oneof(fc.bigInt({ min: 0n, max: AMOUNT_MAX }), fc.bigInt({ min: 0n, max: 10_000n }));

describe('amounts', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(anyAmount, (amount) => {
        expect(parseAmount(formatAmount(amount))).toBe(amount);
      }),
    );
  });

  it('takes 0 and 2^128 − 1', () => {
    expect(parseAmount('0')).toBe(0n);
    expect(parseAmount('340282366920938463463374607431768211455')).toBe(2n ** 128n - 1n);
    expect([isAmount(0n), isAmount(AMOUNT_MAX), isAmount(-1n), isAmount(AMOUNT_MAX + 1n)]).toEqual([true, true, false, false]);
  });

  it.each([
    '',
    '-1',
    '+1',
    '00',
    '01',
    '1e3',
    '1.0',
    '1.',
    ' 1',
    '1 ',
    '1\n',
    '0x1',
    '1_000',
    '1,000',
    '١',
    'NaN',
    '340282366920938463463374607431768211456',
    '9'.repeat(39),
    '9'.repeat(40),
  ])('refuses %j', (text) => {
    expect(() => parseAmount(text, 'maxFee')).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_AMOUNT_INVALID', details: expect.objectContaining({ field: 'maxFee' }) }),
    );
  });

  it('refuses a huge text before it becomes a number', () => {
    const toBigInt = vi.spyOn(globalThis, 'BigInt');
    expect(() => parseAmount('9'.repeat(1_000_000))).toThrow('below 2^128');
    expect(toBigInt).not.toHaveBeenCalled();
    expect(parseAmount('9')).toBe(9n);
    expect(toBigInt).toHaveBeenCalledOnce();
  });

  it.each([-1n, AMOUNT_MAX + 1n])('does not write %s', (amount) => {
    expect(() => formatAmount(amount)).toThrow(expect.objectContaining({ code: 'PROTOCOL_AMOUNT_INVALID' }));
  });
});

describe('amounts for people', () => {
  it('reads back what it writes, and so does ethers', () => {
    fc.assert(
      fc.property(anyAmount, fc.integer({ min: 0, max: 38 }), (amount, decimals) => {
        const text = formatUnits(amount, decimals);
        expect(parseUnits(text, decimals)).toBe(amount);
        expect(ethersParseUnits(text, decimals)).toBe(amount);
        expect(ethersFormatUnits(amount, decimals).replace(/\.0$/, '')).toBe(text);
      }),
    );
  });

  it.each([
    [12345n, 2, '123.45'],
    [5n, 2, '0.05'],
    [500n, 2, '5'],
    [0n, 18, '0'],
    [7n, 0, '7'],
  ])('writes %s of %d decimals as %s', (amount, decimals, text) => {
    expect(formatUnits(amount, decimals)).toBe(text);
  });

  it.each([
    ['1.234', 2],
    ['1.', 2],
    ['.5', 2],
    ['01', 2],
    ['-1', 2],
    ['1e2', 2],
    ['1,5', 2],
    ['', 2],
    ['1.0', 0],
    ['9'.repeat(40), 2],
    ['1'.repeat(1_000_000), 2],
  ])('refuses %j of %d decimals', (text, decimals) => {
    expect(() => parseUnits(text, decimals)).toThrow(expect.objectContaining({ code: 'PROTOCOL_AMOUNT_INVALID' }));
  });

  it.each([-1, 39, 1.5, Number.NaN])('refuses %d decimals', (decimals) => {
    expect(() => formatUnits(1n, decimals)).toThrow('decimals has to be');
    expect(() => parseUnits('1', decimals)).toThrow('decimals has to be');
  });
});
