import type { DeclaredTransaction } from '@mutual-chain/protocol';
import { MEMPOOL_ERROR_CODES } from '../errors.ts';
import type { Method } from '../method.ts';
import { type SentJson, sentJson } from '../shapes/transaction-json.ts';
import { transactionParameter } from '../shapes/transaction-parameters.ts';

/** `mutual_sendTransaction`. A refused transaction is an error whose `data.code` is the result code. */
export const sendTransaction: Method<{ readonly transaction: DeclaredTransaction }, SentJson> = {
  name: 'mutual_sendTransaction',
  summary:
    'Hands in a signed transaction. It is answered once the transaction cannot be lost any more; one that is known already is no error.',
  parameters: { transaction: { description: 'The signed transaction.', shape: transactionParameter, isSpread: true } },
  result: { description: 'Its id.', shape: sentJson },
  errors: MEMPOOL_ERROR_CODES,
};
