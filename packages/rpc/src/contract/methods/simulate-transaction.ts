import type { UnsignedTransaction } from '@mutual-chain/protocol';
import type { Method } from '../method.ts';
import { type ReceiptJson, receiptJson } from '../shapes/transaction-json.ts';
import { unsignedTransactionParameter } from '../shapes/transaction-parameters.ts';

/** `mutual_simulateTransaction`. */
export const simulateTransaction: Method<{ readonly transaction: UnsignedTransaction }, ReceiptJson> = {
  name: 'mutual_simulateTransaction',
  summary: 'What a transaction would do in a block right after the last one; nothing of it is kept, and no signature is needed.',
  parameters: { transaction: { description: 'The message with its type.', shape: unsignedTransactionParameter, isSpread: true } },
  result: { description: 'The receipt it would get.', shape: receiptJson },
  errors: ['NOT_READY'],
};
