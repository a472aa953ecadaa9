import type { TransactionId } from '@mutual-chain/protocol';
import type { Method } from '../method.ts';
import { transactionIdParameter } from '../shapes/parameters.ts';
import { type TransactionStatusJson, transactionStatusJson } from '../shapes/transaction-json.ts';

/** `mutual_getTransaction`. */
export const getTransaction: Method<{ readonly id: TransactionId }, TransactionStatusJson> = {
  name: 'mutual_getTransaction',
  summary: 'A transaction, where it stands, and its receipt once it is committed.',
  parameters: { id: { description: 'Which transaction.', shape: transactionIdParameter } },
  result: { description: 'The transaction with its status.', shape: transactionStatusJson },
  errors: ['UNKNOWN_TRANSACTION', 'PRUNED'],
};
