import type { DeclaredTransaction } from '@mutual-chain/protocol';
import * as z from 'zod';
import { RPC_LIMITS } from '../limits.ts';
import type { Method } from '../method.ts';
import { type SentOrRefusedJson, sentOrRefusedJson } from '../shapes/transaction-json.ts';
import { transactionParameter } from '../shapes/transaction-parameters.ts';

const transactionsShape: z.ZodType<readonly DeclaredTransaction[]> = z
  .array(transactionParameter)
  .min(1)
  .max(RPC_LIMITS.transactionsPerCallMax);

/** `mutual_sendTransactions`. */
export const sendTransactions: Method<{ readonly transactions: readonly DeclaredTransaction[] }, readonly SentOrRefusedJson[]> = {
  name: 'mutual_sendTransactions',
  summary: 'Hands in many signed transactions in order, and says of each what became of it.',
  parameters: { transactions: { description: 'The signed transactions.', shape: transactionsShape } },
  result: { description: 'For each, in order, its id, or why it was refused.', shape: z.array(sentOrRefusedJson).readonly() },
  errors: [],
};
