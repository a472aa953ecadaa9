import type { Method } from '../method.ts';
import { type SupplyJson, supplyJson } from '../shapes/asset-json.ts';
import { assetParameter } from '../shapes/parameters.ts';

/** `mutual_getSupply`. */
export const getSupply: Method<{ readonly asset: string }, SupplyJson> = {
  name: 'mutual_getSupply',
  summary: 'How much there is of an asset.',
  parameters: { asset: { description: 'Of which asset.', shape: assetParameter } },
  result: { description: 'The sum of all lots that are not finished.', shape: supplyJson },
  errors: ['UNKNOWN_ASSET'],
};
