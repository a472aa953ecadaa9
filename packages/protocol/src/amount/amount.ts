import { protocolError } from '../errors.ts';

/** Largest amount, in an asset's smallest unit: 2^128 − 1. */
export const AMOUNT_MAX: bigint = (1n << 128n) - 1n;

/**
 * Largest supply of an asset, and largest sum of what one owner has asked for without anybody holding it: 2^127 − 1.
 *
 * Half the range of amounts each, so that counters to which both kinds of request add stay in range whatever anybody asks for.
 */
export const SUPPLY_MAX: bigint = (1n << 127n) - 1n;

/** Decimal digits of `AMOUNT_MAX`: longer texts are refused before they become a number. */
const AMOUNT_DIGITS_MAX = 39;

/** Whether a number is an amount: 0 ≤ a < 2^128. */
export function isAmount(value: bigint): boolean {
  return value >= 0n && value <= AMOUNT_MAX;
}

/**
 * Reads an amount of the smallest unit from its decimal digits.
 *
 * No sign, no leading zero, no exponent, no point, no space; 0 ≤ a < 2^128. Errors: `PROTOCOL_AMOUNT_INVALID`.
 */
export function parseAmount(text: string, field = 'amount'): bigint {
  // The count comes first: BigInt() takes quadratic time, and a text from outside can have any length.
  if (text.length <= AMOUNT_DIGITS_MAX && /^(?:0|[1-9][0-9]*)$/.test(text)) {
    const value = BigInt(text);
    if (value <= AMOUNT_MAX) return value;
  }
  throw protocolError(
    'PROTOCOL_AMOUNT_INVALID',
    `${field} has to be a whole number of the smallest unit in decimal digits, without sign or leading zeros, below 2^128`,
    { field, max: AMOUNT_MAX, characters: text.length },
  );
}

/** Writes an amount as the decimal digits that `parseAmount` reads. Errors: `PROTOCOL_AMOUNT_INVALID` when it is out of range. */
export function formatAmount(amount: bigint, field = 'amount'): string {
  if (!isAmount(amount)) {
    throw protocolError('PROTOCOL_AMOUNT_INVALID', `${field} is negative or not below 2^128`, { field, max: AMOUNT_MAX, amount });
  }
  return amount.toString();
}
