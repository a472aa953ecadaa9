import { type Address, type Asset, assertInvariant, FREEZE, type ResultCode } from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';
import { accountOf, effectiveLevel, SPENDING_LEVELS, type SpendingPurpose } from './accounts.ts';
import { assetOf } from './assets.ts';
import { blocksRequests, freezeOf } from './freezes.ts';

/**
 * Whether an owner may spend an asset for a purpose at all: level, freeze and the asset itself, in the documented order of codes.
 * How much is available is a question of its own.
 */
export function checkSpending(execution: Execution, owner: Address, assetId: string, purpose: SpendingPurpose): ResultCode {
  const account = accountOf(execution, owner);
  const asset = assetOf(execution, assetId);
  const level = effectiveLevel(account, execution.nowSec);
  if (level < SPENDING_LEVELS[purpose]) return 'LEVEL_TOO_LOW';
  if (asset !== undefined && purpose !== 'join' && purpose !== 'premium' && level < asset.minLevel) return 'LEVEL_TOO_LOW';
  if (account.freeze !== FREEZE.none) return 'FROZEN';
  if (asset !== undefined && blocksRequests(freezeOf(execution, owner, assetId, asset))) return 'FROZEN';
  return asset === undefined ? 'UNKNOWN_ASSET' : 'OK';
}

/**
 * The part of `checkSpending` that concerns the sender alone: level and freeze of the account. An amendment asks it before it looks at
 * the lot, which names the asset.
 */
export function checkSpender(execution: Execution, owner: Address, purpose: SpendingPurpose): ResultCode {
  const account = accountOf(execution, owner);
  if (effectiveLevel(account, execution.nowSec) < SPENDING_LEVELS[purpose]) return 'LEVEL_TOO_LOW';
  return account.freeze === FREEZE.none ? 'OK' : 'FROZEN';
}

/** Whether an address can be the other side of a request: not oneself, not zero, not an address nobody has a key for. */
export function checkCounterparty(execution: Execution, own: Address, other: Address): ResultCode {
  let same = true;
  let zero = true;
  for (let index = 0; index < 20; index++) {
    if (own[index] !== other[index]) same = false;
    if (other[index] !== 0) zero = false;
  }
  return same || zero || accountOf(execution, other).escrow ? 'INVALID_COUNTERPARTY' : 'OK';
}

/** The defined asset of a request that `checkSpending` or a lot has vouched for. */
export function definedAsset(execution: Execution, id: string): Asset {
  const asset = assetOf(execution, id);
  assertInvariant(asset !== undefined, `asset ${id} is defined`);
  return asset;
}
