import { type Address, EMPTY_HOLDING, lockedAmount, NATIVE_ASSET } from '@mutual-chain/protocol';
import { assetTable, holdingTable, releaseScheduleTable, StateOverlay, type StateView } from '@mutual-chain/state-machine';

/** What one account has of one asset, smallest unit. */
export type Balance = {
  readonly name: string;
  readonly available: bigint;
  /** What a release schedule still locks. */
  readonly locked: bigint;
  readonly pendingIn: bigint;
  readonly pendingOut: bigint;
};

/** An asset with the balances of those who have any of it. */
export type AssetBalances = {
  readonly asset: string;
  readonly decimals: number;
  readonly supply: bigint;
  readonly balances: readonly Balance[];
};

/** Balances of named accounts in the order of the names, for each asset. */
export function balancesOf(
  view: StateView,
  assets: readonly string[],
  accounts: ReadonlyMap<string, Address>,
  nowSec: number,
): AssetBalances[] {
  const state = new StateOverlay(view);
  return assets.map((asset) => {
    const { decimals = 0, supply = 0n } = state.get(assetTable, asset) ?? {};
    const balances: Balance[] = [];
    for (const [name, owner] of accounts) {
      const { amount, pendingIn, pendingOut } = state.get(holdingTable, { owner, asset }) ?? EMPTY_HOLDING;
      const schedule = asset === NATIVE_ASSET ? state.get(releaseScheduleTable, owner) : undefined;
      const scheduled = schedule === undefined ? 0n : lockedAmount(schedule, nowSec);
      const locked = scheduled < amount ? scheduled : amount;
      if (amount > 0n || pendingIn > 0n || pendingOut > 0n)
        balances.push({ name, available: amount - locked, locked, pendingIn, pendingOut });
    }
    return { asset, decimals, supply, balances };
  });
}
