import { createChainIndexes, LevelStateStore, type StateStore } from '@mutual-chain/node';
import { type BlockHeader, blockHash } from '@mutual-chain/protocol';
import { genesisChanges, genesisHeader, MemoryState } from '@mutual-chain/state-machine';
import type { ChainIdentity } from './chain-identity.ts';

/** How a database is opened. */
export type OpenChainOptions = {
  /** Whether a new database has the indexes of a node that answers questions. */
  readonly withIndexes?: boolean;
};

/**
 * Opens the database of a chain in a folder and writes genesis into an empty one.
 *
 * Errors: those of `StateStore.start` and `commitHeight`.
 */
export async function openChain(
  chain: ChainIdentity,
  directory: string,
  { withIndexes = false }: OpenChainOptions = {},
): Promise<StateStore> {
  const { cryptography, chainId, genesisHash } = chain.context;
  const store = new LevelStateStore({ directory, identity: { chainId, genesisHash }, cryptography });
  await store.start();
  if (store.tip !== undefined) return store;
  const changes = genesisChanges(cryptography, chain.genesis);
  const preview = store.view.preview(changes);
  const header = genesisHeader(cryptography, chain.genesis, preview.stateRoot);
  const hash = blockHash(cryptography, header);
  const indexes = withIndexes
    ? createChainIndexes({ store }).indexesOf({ header, blockHash: hash, transactions: [], receipts: [], records: [], changes })
    : [];
  await store.commitHeight({ height: 0, blockHash: hash, preview, block: new Uint8Array(0), indexes });
  return store;
}

/** The header of height 0, computed from the genesis document alone. */
export function genesisHeaderOf(chain: ChainIdentity): BlockHeader {
  const { cryptography } = chain.context;
  const { stateRoot } = new MemoryState({ cryptography }).preview(genesisChanges(cryptography, chain.genesis));
  return genesisHeader(cryptography, chain.genesis, stateRoot);
}
