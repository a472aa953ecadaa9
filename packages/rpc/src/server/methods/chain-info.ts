import { domainToJson, encodeHex } from '@mutual-chain/protocol';
import { chainInfo } from '../../contract/index.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_chainInfo`. */
export const serveChainInfo: ServedMethod = serve(chainInfo, async ({ chain }) => {
  const { chainId, networkName, genesisHash, protocolVersion } = chain.identity;
  return { chainId, networkName, genesisHash: encodeHex(genesisHash), protocolVersion, domain: domainToJson({ chainId, genesisHash }) };
});
