import { ASSET_KINDS, FREEZE, NATIVE_ASSET } from '@mutual-chain/protocol';
import { assetOf } from '../../ledger/assets.ts';
import { assetTable } from '../../state/tables.ts';
import { assetFrom, isPossible } from '../assets/define-asset.ts';
import type { Change } from './change.ts';

/** Defines an asset or changes one: everything but its id, kind, freeze and supply. Decimals never change once there is a supply. */
export const changeAsset: Change<'ProposeAsset'> = {
  check: (execution, message) => {
    if (!isPossible(execution, message)) return 'INVALID_FIELD';
    const known = assetOf(execution, message.asset);
    if (known === undefined) return message.asset === NATIVE_ASSET ? 'INVALID_FIELD' : 'OK';
    return known.decimals === message.decimals || known.supply === 0n ? 'OK' : 'INVALID_FIELD';
  },
  apply: (execution, message) => {
    const known = assetOf(execution, message.asset);
    const kept =
      known === undefined
        ? { kind: ASSET_KINDS.indexOf('GATEWAY'), freeze: FREEZE.none, supply: 0n }
        : { kind: known.kind, freeze: known.freeze, supply: known.supply };
    execution.state.set(assetTable, message.asset, { ...assetFrom(message), ...kept });
  },
};
