import type { LedgerModule } from '../module.ts';
import { definedAssets } from './assets-invariants.ts';
import { defineAsset } from './define-asset.ts';

/** Which units of account there are. */
export const assetsModule: LedgerModule = {
  name: 'assets',
  operations: { DefineAsset: defineAsset },
  scheduledWork: {},
  invariants: [definedAssets],
};
