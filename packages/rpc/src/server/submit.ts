import { assertInvariant, type DeclaredTransaction, type TransactionId } from '@mutual-chain/protocol';
import type { Submission, TransactionPool } from './ports.ts';
import { RpcError } from './rpc-error.ts';

/** Why a transaction was refused, as an error. */
export function refusalOf({ code, field }: Extract<Submission, { readonly ok: false }>): RpcError {
  return new RpcError(code, field === undefined ? {} : { field });
}

/** Hands in one transaction. Errors: `RpcError` with the result code or a code of `MEMPOOL_ERROR_CODES`. */
export async function submitOne(pool: TransactionPool, transaction: DeclaredTransaction): Promise<TransactionId> {
  const [submission] = await pool.submit([transaction]);
  assertInvariant(submission !== undefined, 'every transaction that is handed in has an outcome');
  if (!submission.ok) throw refusalOf(submission);
  return submission.id;
}
