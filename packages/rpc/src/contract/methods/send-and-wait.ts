import type { DeclaredTransaction } from '@mutual-chain/protocol';
import * as z from 'zod';
import { MEMPOOL_ERROR_CODES } from '../errors.ts';
import { RPC_LIMITS } from '../limits.ts';
import type { Method } from '../method.ts';
import { type TransactionStatusJson, transactionStatusJson } from '../shapes/transaction-json.ts';
import { transactionParameter } from '../shapes/transaction-parameters.ts';

const timeoutShape: z.ZodType<number> = z.int().min(0).max(RPC_LIMITS.waitMsMax);

/** `mutual_sendAndWait`. */
export const sendAndWait: Method<{ readonly transaction: DeclaredTransaction; readonly timeoutMs: number }, TransactionStatusJson> = {
  name: 'mutual_sendAndWait',
  summary:
    'Hands in a signed transaction and waits until it is committed, rejected or expired. When that takes longer than timeoutMs, or than one request may take, the answer is that it is pending.',
  parameters: {
    transaction: { description: 'The signed transaction.', shape: transactionParameter, isSpread: true },
    timeoutMs: { description: 'How long to wait, ms.', shape: timeoutShape },
  },
  result: { description: 'The transaction with its status.', shape: transactionStatusJson },
  errors: [...MEMPOOL_ERROR_CODES, 'SERVER_BUSY'],
};
