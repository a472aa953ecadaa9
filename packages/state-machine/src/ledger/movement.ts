import type { Address, LotId } from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';
import { creditHolding, debitHolding } from './holdings.ts';
import { emitRecord } from './records.ts';

/** A completed movement of money: both inputs in one step. */
export type Movement = {
  readonly lot: LotId;
  readonly from: Address;
  readonly to: Address;
  readonly asset: string;
  readonly amount: bigint;
  readonly product?: string | undefined;
  readonly productId?: Uint8Array | undefined;
  readonly action: string;
  readonly memo?: string | undefined;
};

/**
 * Moves money at once: E04 out of S5, then E06 out of S2, two records and no stored lot.
 *
 * The caller has checked authority, level, freeze and that `amount` is available. Products move escrow money with this too.
 */
export function moveNow(execution: Execution, movement: Movement): void {
  debitHolding(execution, movement.from, movement.asset, movement.amount);
  creditHolding(execution, movement.to, movement.asset, movement.amount);
  const { lot, from, to, asset, amount, product, productId, action, memo } = movement;
  emitRecord(execution, { state: 'S5', input: 'E04', lot, asset, amount, from, to, product, productId, action, memo });
  emitRecord(execution, { state: 'S2', input: 'E06', lot, asset, amount, from, to, product, productId, action });
}
