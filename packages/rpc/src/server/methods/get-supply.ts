import { getSupply } from '../../contract/index.ts';
import { found } from '../found.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_getSupply`. */
export const serveGetSupply: ServedMethod = serve(getSupply, async ({ chain }, { asset }) => {
  const view = found(await chain.asset(asset));
  return { asset: view.id, supply: String(view.asset.supply) };
});
