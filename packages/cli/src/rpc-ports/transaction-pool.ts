import type { ChainIndexes, StateStore, Transactions } from '@mutual-chain/node';
import {
  decodeTransaction,
  encodeTransaction,
  type Signature,
  type SignedTransaction,
  transactionIdOf,
  type UnsignedTransaction,
  type VerifiedTransaction,
} from '@mutual-chain/protocol';
import type { TransactionPool } from '@mutual-chain/rpc/server';
import { simulateTransaction } from '@mutual-chain/state-machine';
import type { ChainIdentity } from '../chain/chain-identity.ts';
import type { CommittedBlocks } from './committed-blocks.ts';

/** What a pool of transactions is made of. */
export type TransactionPoolOptions = {
  readonly chain: ChainIdentity;
  readonly store: StateStore;
  readonly indexes: Pick<ChainIndexes, 'transactionPlace' | 'receipt'>;
  readonly blocks: CommittedBlocks;
  readonly transactions: Pick<Transactions, 'submit' | 'statusOf' | 'find' | 'settled' | 'pendingNonce'>;
};

/** Takes transactions in, and knows where they stand: those that wait from the service, those that are committed from the chain. */
export function createTransactionPool({ chain, store, indexes, blocks, transactions }: TransactionPoolOptions): TransactionPool {
  return {
    submit: async (declared) => {
      const outcomes = await transactions.submit(declared);
      return outcomes.map((each) => (each.ok ? each : { ok: false, code: each.code, field: each.field }));
    },
    transaction: async (id) => {
      const place = indexes.transactionPlace(id);
      if (place !== undefined) {
        const raw = blocks.read(place.height)?.transactions[place.index];
        const receipt = indexes.receipt(place);
        if (raw === undefined || receipt === undefined) return { found: false, code: 'PRUNED' };
        return { found: true, value: { id, transaction: decodeTransaction(raw), status: 'committed', ...place, receipt } };
      }
      const ending = transactions.statusOf(id);
      if (ending === undefined) return { found: false, code: 'UNKNOWN_TRANSACTION' };
      return { found: true, value: { id, transaction: transactions.find(id), status: ending.status } };
    },
    settled: (id, signal) => transactions.settled(id, signal),
    pendingNonce: async (address) => transactions.pendingNonce(address),
    simulate: async (unsigned) => simulateTransaction(store.view, chain.context, asIfVerified(chain, unsigned)),
  };
}

const NO_SIGNATURE = new Uint8Array(65) as Signature;

/** A message with room for a signature, so that it costs what it will cost. Execution looks at no signature, and nothing of it is kept. */
function asIfVerified({ context: { cryptography } }: ChainIdentity, unsigned: UnsignedTransaction): VerifiedTransaction {
  const transaction = { ...unsigned, signature: NO_SIGNATURE } as SignedTransaction;
  const bytes = encodeTransaction(transaction);
  return { ...transaction, bytes, id: transactionIdOf(cryptography, bytes) } as unknown as VerifiedTransaction;
}
