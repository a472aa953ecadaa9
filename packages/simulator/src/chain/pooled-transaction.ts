import type { Address, TransactionId } from '@mutual-chain/protocol';
import { sha256 } from '../cryptography/mac-cryptography.ts';
import { ACCOUNTS } from './simple-state.ts';
import { decodeSimpleTransaction, type SimpleTransaction } from './simple-transaction.ts';

/** A transaction of the simple chain as the mempool has it. */
export type PooledTransaction = {
  readonly id: TransactionId;
  readonly bytes: Uint8Array;
  readonly message: { readonly from: Address; readonly nonce: number; readonly validUntil: number };
  readonly transaction: SimpleTransaction;
};

const ADDRESSES: readonly Address[] = Array.from({ length: ACCOUNTS }, (_, index) => new Uint8Array(20).fill(index + 1) as Address);

const known = new WeakMap<Uint8Array, PooledTransaction>();

/** Reads a transaction; undefined when it is none. Its tag is not looked at. */
export function readPooled(bytes: Uint8Array): PooledTransaction | undefined {
  const before = known.get(bytes);
  if (before !== undefined) return before;
  const transaction = decodeSimpleTransaction(bytes, undefined);
  const from = transaction === undefined ? undefined : ADDRESSES[transaction.from];
  if (transaction === undefined || from === undefined) return undefined;
  const { nonce, validUntil } = transaction;
  const pooled = { id: sha256(bytes) as TransactionId, bytes, message: { from, nonce, validUntil }, transaction };
  known.set(bytes, pooled);
  return pooled;
}
