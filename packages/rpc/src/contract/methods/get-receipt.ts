import type { TransactionId } from '@mutual-chain/protocol';
import type { Method } from '../method.ts';
import { transactionIdParameter } from '../shapes/parameters.ts';
import { type TransactionStatusJson, transactionStatusJson } from '../shapes/transaction-json.ts';

/** `mutual_getReceipt`: the same answer as `mutual_getTransaction`, under the name that wallets look for. */
export const getReceipt: Method<{ readonly id: TransactionId }, TransactionStatusJson> = {
  name: 'mutual_getReceipt',
  summary: 'The receipt of a transaction with its status; the same answer as that of mutual_getTransaction.',
  parameters: { id: { description: 'Which transaction.', shape: transactionIdParameter } },
  result: { description: 'The transaction with its status.', shape: transactionStatusJson },
  errors: ['UNKNOWN_TRANSACTION', 'PRUNED'],
};
