import type { Method } from '../method.ts';
import { type AssetJson, assetJson } from '../shapes/asset-json.ts';
import { assetParameter } from '../shapes/parameters.ts';

/** `mutual_getAsset`. */
export const getAsset: Method<{ readonly asset: string }, AssetJson> = {
  name: 'mutual_getAsset',
  summary: 'An asset with its gateways, its rules and its supply.',
  parameters: { asset: { description: 'Which asset.', shape: assetParameter } },
  result: { description: 'The asset.', shape: assetJson },
  errors: ['UNKNOWN_ASSET'],
};
