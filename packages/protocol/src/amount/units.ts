import { protocolError } from '../errors.ts';
import { formatAmount, parseAmount } from './amount.ts';

/** Most digits after the point that an asset can have: `decimals` is one byte, but 2^128 has 39 digits. */
const DECIMALS_MAX = 38;

function assertDecimals(decimals: number): void {
  if (!Number.isSafeInteger(decimals) || decimals < 0 || decimals > DECIMALS_MAX) {
    throw protocolError('PROTOCOL_AMOUNT_INVALID', `decimals has to be a whole number from 0 to ${DECIMALS_MAX}`, {
      field: 'decimals',
      limit: DECIMALS_MAX,
      value: decimals,
    });
  }
}

/**
 * Writes an amount for people, with a point before the last `decimals` digits and without zeros at the end: 12345 of 2 decimals is 123.45.
 *
 * Errors: `PROTOCOL_AMOUNT_INVALID`.
 */
export function formatUnits(amount: bigint, decimals: number): string {
  assertDecimals(decimals);
  const digits = formatAmount(amount).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/**
 * Reads an amount as people write it: digits, and after a point at most `decimals` more. The result is in the smallest unit.
 *
 * Errors: `PROTOCOL_AMOUNT_INVALID`, also for more digits after the point than the asset has: nothing is rounded away.
 */
export function parseUnits(text: string, decimals: number, field = 'amount'): bigint {
  assertDecimals(decimals);
  // The length comes first: the pattern walks the text, and BigInt() takes quadratic time.
  const parts = text.length <= 2 * DECIMALS_MAX ? /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text) : null;
  const fraction = parts?.[2] ?? '';
  if (parts === null || fraction.length > decimals) {
    throw protocolError(
      'PROTOCOL_AMOUNT_INVALID',
      `${field} has to be decimal digits with at most ${decimals} of them after the point, without sign, leading zeros or exponent`,
      { field, limit: decimals, characters: text.length },
    );
  }
  return parseAmount(`${parts[1]}${fraction.padEnd(decimals, '0')}`.replace(/^0+(?=[0-9])/, ''), field);
}
