import type { ChainIndexes, MutualNode, StateStore, Transactions } from '@mutual-chain/node';
import type { Cryptography } from '@mutual-chain/protocol';
import type { RpcPorts } from '@mutual-chain/rpc/server';
import type { ChainIdentity } from '../chain/chain-identity.ts';
import { createChainReader } from './chain-reader.ts';
import { CommittedBlocks } from './committed-blocks.ts';
import { createNodeObserver } from './node-observer.ts';
import { createTransactionPool } from './transaction-pool.ts';

/** What the interface of a node is answered from. */
export type RpcPortsOptions = {
  readonly cryptography: Cryptography;
  readonly chain: ChainIdentity;
  /** Started, with genesis committed. */
  readonly store: StateStore;
  readonly indexes: ChainIndexes;
  readonly transactions: Pick<Transactions, 'submit' | 'statusOf' | 'find' | 'settled' | 'pendingNonce'>;
  readonly node: Pick<MutualNode, 'progress' | 'transport' | 'validator' | 'tip' | 'diagnose'>;
  /** Version of the program. */
  readonly version: string;
};

/** The ports of the JSON-RPC server over a node. */
export function createRpcPorts(options: RpcPortsOptions): RpcPorts {
  const { cryptography, chain, store, indexes, transactions, node, version } = options;
  const blocks = new CommittedBlocks({ cryptography, store, indexes });
  return {
    chain: createChainReader({ chain, store, indexes, blocks }),
    transactions: createTransactionPool({ chain, store, indexes, blocks, transactions }),
    node: createNodeObserver({ store, node, version }),
  };
}
