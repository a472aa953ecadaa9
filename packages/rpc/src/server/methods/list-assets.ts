import { listAssets } from '../../contract/index.ts';
import { found } from '../found.ts';
import { assetToJson } from '../json/asset-to-json.ts';
import { pageToJson } from '../json/page-to-json.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_listAssets`. */
export const serveListAssets: ServedMethod = serve(listAssets, async ({ chain, addressText }, { page }) =>
  pageToJson(found(await chain.assets(page)), (each) => assetToJson(each, addressText)),
);
