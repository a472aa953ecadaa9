import { getBlock } from '../../contract/index.ts';
import { found } from '../found.ts';
import { blockToJson } from '../json/block-to-json.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_getBlock`. */
export const serveGetBlock: ServedMethod = serve(getBlock, async ({ chain, checksums, addressText }, { heightOrHash, options }) =>
  blockToJson(found(await chain.block(heightOrHash, options.transactions === 'full')), options, checksums, addressText),
);
