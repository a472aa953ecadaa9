import { ASSET_KINDS, equalBytes, isAssetId, NATIVE_ASSET, STATE_NAMESPACES, TRANSFER_MODES } from '@mutual-chain/protocol';
import { nameOfEntry } from '../../audit/entry-name.ts';
import { assetTable } from '../../state/tables.ts';
import type { Invariant } from '../module.ts';

/** Assets have well-formed ids, gateways named once, a threshold they can reach, and MTN alone is native. */
export const definedAssets: Invariant = {
  name: 'defined assets',
  violations: (state) => {
    const violations: string[] = [];
    for (const { key, value: asset } of state.rows(STATE_NAMESPACES.asset, assetTable)) {
      const id = key.slice(1);
      const { gateways, threshold } = asset;
      const reachable = gateways.length === 0 ? threshold === 0 : threshold >= 1 && threshold <= gateways.length;
      if (!isAssetId(id)) violations.push(`${nameOfEntry(key)}: not an asset id`);
      if (!reachable) violations.push(`${nameOfEntry(key)}: threshold ${threshold} of ${gateways.length} gateways`);
      if (gateways.some((each, index) => gateways.slice(0, index).some((earlier) => equalBytes(earlier.address, each.address)))) {
        violations.push(`${nameOfEntry(key)}: names a gateway twice`);
      }
      if ((ASSET_KINDS[asset.kind] === 'NATIVE') !== (id === NATIVE_ASSET)) violations.push(`${nameOfEntry(key)}: kind ${asset.kind}`);
      if (TRANSFER_MODES[asset.transferMode] === undefined) violations.push(`${nameOfEntry(key)}: transfer mode ${asset.transferMode}`);
    }
    return violations;
  },
};
