import type { StateStore } from '@mutual-chain/node';
import { cliError } from '../errors.ts';
import type { BlockSource } from './block-source.ts';

/** Blocks from the database of a node, which has to be stopped. */
export function homeSource(store: StateStore, name: string): BlockSource {
  return {
    name,
    hasCertificates: true,
    blocks: async function* () {
      const end = store.tip?.height ?? 0;
      for (let height = 1; height <= end; height++) {
        const block = store.readBlock(height);
        if (block === undefined) throw cliError('CLI_BLOCK_MISSING', `The database has no block ${height}.`, { height });
        yield { height, block, certificate: store.readCertificate(height) };
      }
    },
  };
}
