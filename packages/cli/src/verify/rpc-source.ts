import { decodeHex } from '@mutual-chain/protocol';
import type { RpcClient } from '@mutual-chain/sdk';
import type { BlockSource } from './block-source.ts';

/** Blocks that are asked for at the same time. */
const UNDER_WAY = 8;

/** Blocks from a node that answers JSON-RPC, up to a height or to the tip that it has when reading begins. */
export function rpcSource(rpc: RpcClient, toHeight?: number): BlockSource {
  return {
    name: rpc.urls[0] ?? '',
    hasCertificates: true,
    blocks: async function* () {
      const end = toHeight ?? (await rpc.call('mutual_status')).height;
      for (let from = 1; from <= end; from += UNDER_WAY) {
        const heights = Array.from({ length: Math.min(UNDER_WAY, end - from + 1) }, (_, index) => from + index);
        // Not as one batch: its answer could be larger than answers may be.
        const blocks = await Promise.all(heights.map((heightOrHash) => rpc.call('mutual_getRawBlock', { heightOrHash })));
        for (const { height, block, certificate } of blocks) {
          yield { height, block: decodeHex(block), certificate: certificate === null ? undefined : decodeHex(certificate) };
        }
      }
    },
  };
}
