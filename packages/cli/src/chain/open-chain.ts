import { LevelStateStore, type StateStore } from '@mutual-chain/node';
import { type BlockHeader, blockHash } from '@mutual-chain/protocol';
import { genesisChanges, genesisHeader, MemoryState } from '@mutual-chain/state-machine';
import type { ChainIdentity } from './chain-identity.ts';

/**
 * Opens the database of a chain in a folder and writes genesis into an empty one.
 *
 * Errors: those of `StateStore.start` and `commitHeight`.
 */
export async function openChain(chain: ChainIdentity, directory: string): Promise<StateStore> {
  const { cryptography, chainId, genesisHash } = chain.context;
  const store = new LevelStateStore({ directory, identity: { chainId, genesisHash }, cryptography });
  await store.start();
  if (store.tip !== undefined) return store;
  const preview = store.view.preview(genesisChanges(cryptography, chain.genesis));
  const hash = blockHash(cryptography, genesisHeader(cryptography, chain.genesis, preview.stateRoot));
  await store.commitHeight({ height: 0, blockHash: hash, preview, block: new Uint8Array(0) });
  return store;
}

/** The header of height 0, computed from the genesis document alone. */
export function genesisHeaderOf(chain: ChainIdentity): BlockHeader {
  const { cryptography } = chain.context;
  const { stateRoot } = new MemoryState({ cryptography }).preview(genesisChanges(cryptography, chain.genesis));
  return genesisHeader(cryptography, chain.genesis, stateRoot);
}
