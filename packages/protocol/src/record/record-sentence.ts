import { formatAddress } from '../bytes/address-text.ts';
import type { Address } from '../bytes/branded.ts';
import { encodeHex } from '../bytes/hex.ts';
import { transition } from '../dfsm/transition-table.ts';
import type { SummaryFormat } from '../transaction/summary.ts';
import type { LedgerRecord } from './ledger-record.ts';

/** Hex digits of a lot's id that a sentence shows. */
const LOT_DIGITS = 8;

/**
 * What a record says, in one line: `S5 –E04→ S2 lot 3f2a90b1… 30 mUSD alice → bob`.
 *
 * The state before, the input and the state after; amounts in the smallest unit and addresses in EIP-55 unless the format says otherwise;
 * `outside` where there is no account on the ledger.
 */
export function recordSentence(
  { state, input, transaction: { lot, asset, amount, from, to } }: LedgerRecord,
  format: Pick<SummaryFormat, 'formatAmount' | 'formatAddress'> = {},
): string {
  const nameOf = (address: Address): string => {
    if (address.every((byte) => byte === 0)) return 'outside';
    return format.formatAddress?.(address) ?? formatAddress(address);
  };
  const step = `${state} –${input}→ ${transition(state, input) ?? '·'}`;
  const money = `${format.formatAmount?.(amount, asset) ?? String(amount)} ${asset}`;
  return `${step} lot ${encodeHex(lot).slice(2, 2 + LOT_DIGITS)}… ${money} ${nameOf(from)} → ${nameOf(to)}`;
}
