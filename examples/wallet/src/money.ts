import { parseUnits } from '@mutual-chain/protocol';

/** An amount of MTN (18 decimals) in base units. */
export function mtn(text: string): bigint {
  return parseUnits(text, 18);
}

/** An amount of an asset with two decimals, mUSD or mBOND, in its smallest unit. */
export function cents(text: string): bigint {
  return parseUnits(text, 2);
}
