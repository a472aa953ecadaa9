import { encodeHex, type LedgerRecord, transition } from '@mutual-chain/protocol';
import { amountText } from './amount-text.ts';

/** What a sentence needs to know besides the record. */
export type Wording = {
  /** Name of an address. */
  readonly nameOf: (address: Uint8Array) => string;
  readonly decimalsOf: (asset: string) => number;
};

/** A record in one line: `S5 –E04→ S2  lot 3f2a90b1…  30.00 mUSD  alice → bob`. */
export function recordSentence(record: LedgerRecord, { nameOf, decimalsOf }: Wording): string {
  const { lot, asset, amount, from, to, revision } = record.transaction;
  const { action, reason, externalRef } = record.business;
  const notes = [
    action,
    ...(revision > 0 ? [`revision ${revision}`] : []),
    ...(reason === '' ? [] : [`"${reason}"`]),
    ...(externalRef === '' ? [] : [`ref ${externalRef}`]),
  ];
  const step = `${record.state} –${record.input}→ ${transition(record.state, record.input) ?? '·'}`;
  const money = `${amountText(amount, decimalsOf(asset))} ${asset}`;
  return `${step}  lot ${shortId(lot)}  ${money}  ${nameOf(from)} → ${nameOf(to)}  (${notes.join(', ')})`;
}

/** First eight digits of an id. */
function shortId(id: Uint8Array): string {
  return `${encodeHex(id).slice(2, 10)}…`;
}
