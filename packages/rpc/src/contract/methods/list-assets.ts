import * as z from 'zod';
import type { Method } from '../method.ts';
import { type AssetJson, assetPageJson } from '../shapes/asset-json.ts';
import type { PageJson } from '../shapes/common-json.ts';
import { PAGE_FIELDS, type PageRequest } from '../shapes/parameters.ts';

const pageShape: z.ZodType<PageRequest> = z.strictObject(PAGE_FIELDS).prefault({});

/** `mutual_listAssets`. */
export const listAssets: Method<{ readonly page: PageRequest }, PageJson<AssetJson>> = {
  name: 'mutual_listAssets',
  summary: 'All assets in the order of their ids.',
  parameters: { page: { description: 'Which page.', shape: pageShape, isSpread: true } },
  result: { description: 'A page of assets.', shape: assetPageJson },
  errors: ['CURSOR_INVALID'],
};
