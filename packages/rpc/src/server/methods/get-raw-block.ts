import { encodeHex } from '@mutual-chain/protocol';
import { getRawBlock } from '../../contract/index.ts';
import { found } from '../found.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_getRawBlock`. */
export const serveGetRawBlock: ServedMethod = serve(getRawBlock, async ({ chain }, { heightOrHash }) => {
  const { height, hash, block, certificate } = found(await chain.rawBlock(heightOrHash));
  return {
    height,
    hash: encodeHex(hash),
    block: encodeHex(block),
    certificate: certificate === undefined ? null : encodeHex(certificate),
  };
});
