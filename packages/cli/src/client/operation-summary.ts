import { type Address, formatUnits, summarizeTransaction, type TransactionType, type UnsignedTransaction } from '@mutual-chain/protocol';
import { type AssetDecimals, type OwnFields, summaryFormat } from '@mutual-chain/sdk';
import type { AmountUnit } from './asset-directory.ts';

/**
 * What an operation does, in one sentence. `unit` is that of amounts whose asset is not a field of the message but follows from its lot or debt:
 * they are written with their asset.
 */
export function operationSummary<Type extends TransactionType>(
  type: Type,
  fields: OwnFields<Type>,
  from: Address,
  decimals: AssetDecimals,
  unit: AmountUnit | undefined,
): string {
  const format = summaryFormat(decimals);
  const transaction = { type, message: { ...fields, from, nonce: 0, validUntil: 0, maxFee: 0n } } as unknown as UnsignedTransaction;
  return summarizeTransaction(transaction, {
    ...format,
    formatAmount: (amount, asset) =>
      asset === undefined && unit !== undefined
        ? `${formatUnits(amount, unit.decimals)} ${unit.asset}`
        : (format.formatAmount?.(amount, asset) ?? String(amount)),
  });
}
