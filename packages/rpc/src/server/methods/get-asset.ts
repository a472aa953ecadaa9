import { getAsset } from '../../contract/index.ts';
import { found } from '../found.ts';
import { assetToJson } from '../json/asset-to-json.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_getAsset`. */
export const serveGetAsset: ServedMethod = serve(getAsset, async ({ chain, addressText }, { asset }) =>
  assetToJson(found(await chain.asset(asset)), addressText),
);
