import { formatUnits } from '@mutual-chain/protocol';

/** Decimals that an amount of a currency always shows. */
const SHOWN_DECIMALS_MAX = 2;

/** An amount as people read it: 3000 of 2 decimals is 30.00. Nothing is rounded. */
export function amountText(amount: bigint, decimals: number): string {
  const text = formatUnits(amount, decimals);
  if (decimals === 0 || decimals > SHOWN_DECIMALS_MAX) return text;
  const [whole = '', fraction = ''] = text.split('.');
  return `${whole}.${fraction.padEnd(decimals, '0')}`;
}
