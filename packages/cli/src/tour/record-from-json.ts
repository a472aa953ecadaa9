import { type Address, type Bytes32, decodeHex, type LedgerRecord, type LotId, type TransactionId } from '@mutual-chain/protocol';
import type { RecordJson } from '@mutual-chain/rpc/contract';

/** A record as the ledger has it. */
export function recordFromJson({ state, input, transaction, business }: RecordJson): LedgerRecord {
  const { lot, from, to, actor, txId, amount, ...rest } = transaction;
  return {
    state,
    input,
    transaction: {
      ...rest,
      lot: decodeHex(lot) as LotId,
      amount: BigInt(amount),
      from: decodeHex(from) as Address,
      to: decodeHex(to) as Address,
      actor: decodeHex(actor) as Address,
      txId: decodeHex(txId) as TransactionId,
    },
    business: { ...business, productId: decodeHex(business.productId) as Bytes32, parentLot: decodeHex(business.parentLot) as LotId },
  };
}
