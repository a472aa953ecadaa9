import { encodeHex, messageToJson, type SignedTransaction, type TransactionId, type UnsignedTransaction } from '@mutual-chain/protocol';
import type { BlockTransactionJson, MessageFields, TransactionStatusJson } from '../../contract/index.ts';
import type { TransactionView } from '../ports.ts';
import type { AddressText } from './address-text.ts';
import { receiptToJson } from './receipt-to-json.ts';

/** What the writers of messages need for the checksums of addresses. */
export type Checksums = { readonly keccak256: (message: Uint8Array) => Uint8Array };

type SignedParts = Omit<BlockTransactionJson, 'id'>;

function signedParts(
  { type, message, signature, sponsor }: SignedTransaction,
  checksums: Checksums,
  addressText: AddressText,
): SignedParts {
  const unsigned = { type, message } as UnsignedTransaction;
  return {
    type,
    message: messageToJson(unsigned, checksums) as unknown as MessageFields,
    signature: encodeHex(signature),
    ...(sponsor === undefined ? {} : { sponsor: { address: addressText(sponsor.address), signature: encodeHex(sponsor.signature) } }),
  };
}

/** Writes a transaction as blocks show it. */
export function blockTransactionToJson(
  id: TransactionId,
  transaction: SignedTransaction,
  checksums: Checksums,
  addressText: AddressText,
): BlockTransactionJson {
  return { id: encodeHex(id), ...signedParts(transaction, checksums, addressText) };
}

/** Writes a transaction with what is known of it. */
export function transactionViewToJson(view: TransactionView, checksums: Checksums, addressText: AddressText): TransactionStatusJson {
  const { id, status, transaction } = view;
  const isCommitted = view.status === 'committed';
  return {
    id: encodeHex(id),
    status,
    reason: status === 'rejected' ? 'NONCE_USED' : null,
    height: isCommitted ? view.height : null,
    index: isCommitted ? view.index : null,
    ...(transaction === undefined ? { type: null, message: null, signature: null } : signedParts(transaction, checksums, addressText)),
    receipt: isCommitted ? receiptToJson(view.receipt, addressText) : null,
  };
}
