import { type Address, type Asset, FREEZE } from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';
import { accountOf } from './accounts.ts';
import { holdingOf } from './holdings.ts';

/** Strongest freeze that applies to an owner's asset: of the account, of the asset, or of that one holding. */
export function freezeOf(execution: Execution, owner: Address, assetId: string, asset: Asset): number {
  return Math.max(accountOf(execution, owner).freeze, asset.freeze, holdingOf(execution, owner, assetId).freeze);
}

/** Whether requests out of the holding (E04, E07, E10) are blocked: by any freeze. */
export function blocksRequests(freeze: number): boolean {
  return freeze >= FREEZE.shallow;
}

/** Whether confirms into the holding (E06, E09) are blocked: by a deep freeze or a legal hold. */
export function blocksReceipts(freeze: number): boolean {
  return freeze >= FREEZE.deep;
}

/** Whether even the return of money to the gateway (E12) is blocked: by a legal hold only. */
export function blocksReturns(freeze: number): boolean {
  return freeze >= FREEZE.legalHold;
}
