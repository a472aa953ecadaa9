import { protocolError } from '../errors.ts';

/** Basis points of a whole: rates are in 1/10 000. */
export const BPS_WHOLE = 10_000n;

/** Quotient rounded up. `numerator` is not negative, `denominator` above zero. Errors: `PROTOCOL_RATE_INVALID`. */
export function ceilDivide(numerator: bigint, denominator: bigint): bigint {
  if (numerator < 0n || denominator <= 0n) {
    throw protocolError('PROTOCOL_RATE_INVALID', 'rounding up needs a numerator of at least 0 and a denominator above 0', {
      numerator,
      denominator,
    });
  }
  return (numerator + denominator - 1n) / denominator;
}

/** Throws `PROTOCOL_RATE_INVALID` unless the rate is 0 … 10 000 bps and the amount not negative. */
function assertShare(amount: bigint, bps: bigint): void {
  if (amount < 0n || bps < 0n || bps > BPS_WHOLE) {
    throw protocolError('PROTOCOL_RATE_INVALID', 'a share needs an amount of at least 0 and a rate from 0 to 10000 bps', { amount, bps });
  }
}

/** A payout and the fee taken out of it; together the gross amount. */
export type PayoutAfterFee = { readonly payout: bigint; readonly fee: bigint };

/** Takes a fee out of a payout: the payout is floor(gross · (10000 − fee) / 10000), the fee the rest. Source: ledger, rounding rule 1. */
export function payoutAfterFee(gross: bigint, feeBps: bigint): PayoutAfterFee {
  assertShare(gross, feeBps);
  const payout = (gross * (BPS_WHOLE - feeBps)) / BPS_WHOLE;
  return { payout, fee: gross - payout };
}
