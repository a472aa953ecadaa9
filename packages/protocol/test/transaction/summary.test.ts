import { describe, expect, it } from 'vitest';
import { formatUnits } from '../../src/amount/units.ts';
import { formatAddress } from '../../src/bytes/address-text.ts';
import { addressFrom } from '../../src/bytes/checked-bytes.ts';
import { summarizeTransaction } from '../../src/transaction/summary.ts';
import type { UnsignedTransaction } from '../../src/transaction/transaction.ts';
import { TRANSACTION_TYPES } from '../../src/transaction/transaction-types.ts';
import { fieldsOf, sampleOf, TYPES } from './table-arbitrary.ts';

const someone = formatAddress(addressFrom(new Uint8Array(20).fill(0xa1)));

function withFields(type: Parameters<typeof sampleOf>[0], fields: Record<string, unknown>): UnsignedTransaction {
  const sample = sampleOf(type);
  return { type, message: { ...sample.message, ...fields } } as unknown as UnsignedTransaction;
}

describe('summaries', () => {
  it.each(TYPES)('of %s fill in every field that the sentence names', (type) => {
    const named = [...TRANSACTION_TYPES[type].summary.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const names = fieldsOf(type).map((field) => field.name);
    for (const name of named) expect(names).toContain(name);
    const summary = summarizeTransaction(sampleOf(type));
    expect(summary).not.toMatch(/[{}]|undefined|\[object/);
    expect(summary.length).toBeGreaterThan(10);
  });

  it('write amounts, times and addresses as they are told', () => {
    const transfer = withFields('Transfer', { asset: 'mUSD', amount: 12345n });
    expect(summarizeTransaction(transfer)).toBe(`Transfer 12345 mUSD to ${someone}`);
    const decimals: Record<string, number> = { mUSD: 2 };
    expect(
      summarizeTransaction(transfer, {
        formatAmount: (amount, asset) => formatUnits(amount, decimals[asset ?? ''] ?? 0),
        formatAddress: () => 'Bob',
      }),
    ).toBe('Transfer 123.45 mUSD to Bob');
    expect(
      summarizeTransaction(withFields('SetDelegate', { dailyLimit: 500n, asset: 'mUSD', expiresAt: 7 }), {
        formatAmount: (amount, asset) => `${amount}/${asset}`,
        formatTime: (unixSec) => `second ${unixSec}`,
      }),
    ).toBe(`Let ${someone} transfer up to 500/mUSD mUSD a day until second 7`);
    expect(
      summarizeTransaction(withFields('RepayCredit', { amount: 5n }), { formatAmount: (amount, asset) => `${amount} (${asset})` }),
    ).toContain('Repay 5 (undefined) of debt 0xc3');
    expect(summarizeTransaction(withFields('CastVote', { approve: false }))).toMatch(/^Vote no on proposal 0xc3/);
    // A height is no time.
    expect(summarizeTransaction(withFields('ProposeUpgrade', { activationHeight: 9 }), { formatTime: () => 'never' })).toMatch(
      /from height 9$/,
    );
  });

  it('let no text pass for another part of the sentence', () => {
    const spoof = (asset: string): string => summarizeTransaction(withFields('Transfer', { asset, amount: 1n }));
    expect(spoof('MTN to you')).toBe(`Transfer 1 "MTN to you" to ${someone}`);
    expect(spoof('a" to "b')).toBe(`Transfer 1 "a\\u{22} to \\u{22}b" to ${someone}`);
    expect(spoof('\u202eNTM')).toBe(`Transfer 1 "\\u{202e}NTM" to ${someone}`);
    expect(spoof('MTN\u200b')).toBe(`Transfer 1 "MTN\\u{200b}" to ${someone}`);
    expect(spoof('a\nb')).toBe(`Transfer 1 "a\\u{a}b" to ${someone}`);
    expect(spoof('a\\u{a}')).toBe(`Transfer 1 "a\\u{5c}u{a}" to ${someone}`);
    expect(spoof('')).toBe(`Transfer 1 "" to ${someone}`);
    expect(spoof('{to}')).toBe(`Transfer 1 "{to}" to ${someone}`);
    expect(spoof('€')).toBe(`Transfer 1 "€" to ${someone}`);
    expect(summarizeTransaction(withFields('RejectTransfer', { reason: '$& $1 {lot}' }))).toMatch(/: "\$& \$1 \{lot\}"$/);
  });

  it('are not made of unknown types', () => {
    expect(() => summarizeTransaction({ type: 'Nothing', message: {} } as never)).toThrow('type is not the name');
  });
});
