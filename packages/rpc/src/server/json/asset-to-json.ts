import { ASSET_KINDS, assertInvariant, TRANSFER_MODES } from '@mutual-chain/protocol';
import type { AssetJson } from '../../contract/index.ts';
import type { AssetView } from '../ports.ts';
import type { AddressText } from './address-text.ts';
import { freezeName } from './freeze-name.ts';

/** Writes an asset. */
export function assetToJson({ id, asset }: AssetView, addressText: AddressText): AssetJson {
  const kind = ASSET_KINDS[asset.kind];
  const transferMode = TRANSFER_MODES[asset.transferMode];
  assertInvariant(kind !== undefined && transferMode !== undefined, `asset ${id} is of a known kind and transfer mode`);
  return {
    id,
    name: asset.name,
    decimals: asset.decimals,
    kind,
    gateways: asset.gateways.map(({ address }) => addressText(address)),
    threshold: asset.threshold,
    minLevel: asset.minLevel,
    transferMode,
    freeze: freezeName(asset.freeze),
    supply: String(asset.supply),
  };
}
