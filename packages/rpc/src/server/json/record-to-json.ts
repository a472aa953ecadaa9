import { encodeHex, type LedgerRecord } from '@mutual-chain/protocol';
import type { RecordJson } from '../../contract/index.ts';
import type { AddressText } from './address-text.ts';

/** Writes a record in its four parts. */
export function recordToJson({ state, input, transaction, business }: LedgerRecord, addressText: AddressText): RecordJson {
  return {
    state,
    input,
    transaction: {
      ...transaction,
      lot: encodeHex(transaction.lot),
      amount: String(transaction.amount),
      from: addressText(transaction.from),
      to: addressText(transaction.to),
      actor: addressText(transaction.actor),
      txId: encodeHex(transaction.txId),
    },
    business: { ...business, productId: encodeHex(business.productId), parentLot: encodeHex(business.parentLot) },
  };
}
