import type { StateStore } from '@mutual-chain/node';
import { auditState, type StateEntry } from '@mutual-chain/state-machine';
import type { ChainIdentity } from './chain-identity.ts';

/** What does not hold in the whole state of a store, in words: conservation of every asset and all else that the ledger promises. */
export async function auditStore(chain: ChainIdentity, store: StateStore): Promise<readonly string[]> {
  const entries: StateEntry[] = [];
  for await (const entry of store.stateEntries()) entries.push(entry);
  return auditState(entries, { cryptography: chain.context.cryptography, nativeSupply: chain.genesis.supply });
}
