// Commits heights to a store without end and prints each height once it is durable. Killed by the test that starts it.

import { referenceCryptography as cryptography, type GenesisHash } from '@mutual-chain/protocol';
import { LevelStateStore } from '../../src/storage/level-state-store.ts';
import { blockHashAt, blockOf, changesOf } from './committed-heights.ts';

const directory = process.argv[2] ?? '';
const identity = { chainId: 7, genesisHash: new Uint8Array(32).fill(1) as GenesisHash };
const store = new LevelStateStore({ directory, identity, cryptography });
await store.start();
for (let height = (store.tip?.height ?? -1) + 1; height < 60_000; height++) {
  const preview = store.view.preview(changesOf(height));
  await store.commitHeight({ height, blockHash: blockHashAt(height), preview, block: blockOf(height) });
  process.stdout.write(`${height}\n`);
}
