import {
  type Address,
  ASSET_KINDS,
  type Asset,
  equalBytes,
  FREEZE,
  isAssetId,
  TRANSFER_MODES,
  type TransferMode,
} from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { accountOf, effectiveLevel } from '../../ledger/accounts.ts';
import { assetOf } from '../../ledger/assets.ts';
import { assetTable } from '../../state/tables.ts';
import type { Operation } from '../module.ts';

/** Largest number of decimals an asset may have. */
const DECIMALS_MAX = 18;

/** The parts of an asset that a definition or a proposal names. */
export type AssetDefinition = {
  readonly asset: string;
  readonly name: string;
  readonly decimals: number;
  readonly gateways: readonly Address[];
  readonly threshold: number;
  readonly minLevel: number;
  readonly transferMode: string;
};

/** An institution (level 3) defines a gateway asset of which it is itself a gateway. Existing assets change by governance only. */
export const defineAsset: Operation<'DefineAsset'> = {
  check: (execution, message) => {
    if (!message.gateways.some((gateway) => equalBytes(gateway, message.from))) return 'NOT_PERMITTED';
    if (effectiveLevel(accountOf(execution, message.from), execution.nowSec) < 3) return 'LEVEL_TOO_LOW';
    if (!isPossible(execution, message)) return 'INVALID_FIELD';
    return assetOf(execution, message.asset) === undefined ? 'OK' : 'ASSET_EXISTS';
  },
  execute: (execution, message) => {
    execution.state.set(assetTable, message.asset, {
      ...assetFrom(message),
      kind: ASSET_KINDS.indexOf('GATEWAY'),
      freeze: FREEZE.none,
      supply: 0n,
    });
  },
};

/** Whether the definition is in range: id, names, decimals, level-3 gateways each once, 1 ≤ threshold ≤ gateways, a known mode. */
export function isPossible(execution: Execution, definition: AssetDefinition): boolean {
  const { gateways, threshold } = definition;
  const distinct = gateways.every((gateway, index) => !gateways.slice(0, index).some((earlier) => equalBytes(earlier, gateway)));
  const institutions = gateways.every((gateway) => effectiveLevel(accountOf(execution, gateway), execution.nowSec) >= 3);
  return (
    isAssetId(definition.asset) &&
    definition.name !== '' &&
    definition.decimals <= DECIMALS_MAX &&
    definition.minLevel <= 3 &&
    TRANSFER_MODES.includes(definition.transferMode as TransferMode) &&
    distinct &&
    institutions &&
    (gateways.length === 0 ? threshold === 0 : threshold >= 1 && threshold <= gateways.length)
  );
}

/** The stored form of a definition, without what definitions do not name. */
export function assetFrom(definition: AssetDefinition): Omit<Asset, 'kind' | 'freeze' | 'supply'> {
  return {
    name: definition.name,
    decimals: definition.decimals,
    gateways: definition.gateways.map((address) => ({ address })),
    threshold: definition.threshold,
    minLevel: definition.minLevel,
    transferMode: TRANSFER_MODES.indexOf(definition.transferMode as TransferMode),
  };
}
