import { encodeHex } from '@mutual-chain/protocol';
import { status } from '../../contract/index.ts';
import { type ServedMethod, serve } from '../method.ts';
import { RpcError } from '../rpc-error.ts';

/** Answers `mutual_status`. */
export const serveStatus: ServedMethod = serve(status, async ({ node, addressText }) => {
  const { version, peerId, tip, syncing, peers, validator, earliestHeight } = node.status();
  if (tip === undefined) throw new RpcError('NOT_READY');
  return {
    version,
    peerId,
    height: tip.height,
    blockHash: encodeHex(tip.blockHash),
    stateRoot: encodeHex(tip.stateRoot),
    timestampMs: tip.timestampMs,
    syncing,
    peers,
    validator: validator === undefined ? null : addressText(validator),
    earliestHeight,
  };
});
