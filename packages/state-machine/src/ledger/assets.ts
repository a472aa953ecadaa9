import { type Address, type Asset, equalBytes, isAssetId } from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';
import { assetTable } from '../state/tables.ts';

/** The asset, or undefined when it is not defined or its id is malformed. */
export function assetOf(execution: Execution, id: string): Asset | undefined {
  return isAssetId(id) ? execution.state.get(assetTable, id) : undefined;
}

/** Whether the address is one of the asset's gateways. */
export function isGateway(asset: Asset, address: Address): boolean {
  return asset.gateways.some((gateway) => equalBytes(gateway.address, address));
}

/** Changes the supply by a signed amount. Only E03, E12 and genesis do. */
export function changeSupply(execution: Execution, id: string, asset: Asset, change: bigint): void {
  execution.state.set(assetTable, id, { ...asset, supply: asset.supply + change });
}
