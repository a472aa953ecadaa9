import type { SignedTransaction } from '@mutual-chain/protocol';
import { MEMPOOL_ERROR_CODES } from '../errors.ts';
import type { Method } from '../method.ts';
import { type SentJson, sentJson } from '../shapes/transaction-json.ts';
import { rawTransactionParameter } from '../shapes/transaction-parameters.ts';

/** `mutual_sendRawTransaction`. A refused transaction is an error whose `data.code` is the result code. */
export const sendRawTransaction: Method<{ readonly transaction: SignedTransaction }, SentJson> = {
  name: 'mutual_sendRawTransaction',
  summary: 'Hands in a signed transaction given as its canonical bytes.',
  parameters: { transaction: { description: 'The raw bytes.', shape: rawTransactionParameter } },
  result: { description: 'Its id.', shape: sentJson },
  errors: MEMPOOL_ERROR_CODES,
};
