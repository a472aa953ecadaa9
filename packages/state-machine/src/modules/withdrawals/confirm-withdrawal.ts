import { type Holding, type Lot, type LotId, NATIVE_ASSET, type TransactionMessage } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { accountOf, hasRole } from '../../ledger/accounts.ts';
import { changeSupply, isGateway } from '../../ledger/assets.ts';
import { useReference } from '../../ledger/external-references.ts';
import { blocksReturns, freezeOf } from '../../ledger/freezes.ts';
import { checkReference, reachesThreshold } from '../../ledger/gateway-confirmation.ts';
import { changePending, creditHolding, holdingOf, updateHolding } from '../../ledger/holdings.ts';
import { bridgeEscrow, ZERO_ADDRESS } from '../../ledger/known-addresses.ts';
import { emitRecord } from '../../ledger/records.ts';
import { checkCurrent, checkTransition, closeLot, isClaimStale, knownLot, lotOf } from '../../ledger/requests.ts';
import { definedAsset } from '../../ledger/spending.ts';
import type { Operation } from '../module.ts';

/**
 * A gateway vouches that it has paid out: S4 –E12→ S6, the lot is burned and the supply falls. MTN is never burned: it moves to the
 * bridge escrow. An arbiter may confirm in a gateway's place once its claim is stale.
 */
export const confirmWithdrawal: Operation<'ConfirmWithdrawal'> = {
  check: (execution, message) => {
    const lot = lotOf(execution, message.lot);
    const legal = checkTransition(lot, 'E12');
    if (legal !== 'OK' || lot === undefined) return legal;
    const asset = definedAsset(execution, lot.asset);
    if (!isGateway(asset, message.from) && !decidesAsArbiter(execution, lot, message)) return 'NOT_PERMITTED';
    if (blocksReturns(freezeOf(execution, lot.owner, lot.asset, asset))) return 'FROZEN';
    const current = checkCurrent(execution, lot, message.revision);
    if (current !== 'OK') return current;
    return checkReference(execution, lot, { ...message, gateway: message.from, amount: lot.amount });
  },
  execute: (execution, message) => {
    const id = message.lot as Uint8Array as LotId;
    const lot = knownLot(execution, id);
    const asset = definedAsset(execution, lot.asset);
    const { from: gateway, revision, externalRef } = message;
    const decided =
      decidesAsArbiter(execution, lot, message) ||
      reachesThreshold(execution, id, lot, asset, { gateway, revision, amount: lot.amount, externalRef });
    if (!decided) return;
    const escrow = bridgeEscrow(execution.chain.cryptography);
    const native = lot.asset === NATIVE_ASSET;
    if (native) creditHolding(execution, escrow, NATIVE_ASSET, lot.amount);
    else changeSupply(execution, lot.asset, asset, -lot.amount);
    changePending(execution, lot.owner, lot.asset, { out: -lot.amount });
    useReference(execution, lot.asset, externalRef, id);
    emitRecord(execution, {
      state: 'S4',
      input: 'E12',
      lot: id,
      asset: lot.asset,
      amount: lot.amount,
      from: lot.owner,
      to: native ? escrow : ZERO_ADDRESS,
      revision,
      action: 'confirm',
      externalRef,
    });
    closeLot(execution, id, lot, { state: 6, amount: lot.amount });
    if (lot.closes && isAtRest(holdingOf(execution, lot.owner, lot.asset))) updateHolding(execution, lot.owner, lot.asset, { state: 6 });
  },
};

/** Whether nothing is in a main lot or in flight to or from it. A request that has come since the close keeps it open; it never blocks E12. */
function isAtRest({ amount, pendingIn, pendingOut }: Holding): boolean {
  return amount === 0n && pendingIn === 0n && pendingOut === 0n;
}

function decidesAsArbiter(execution: Execution, lot: Lot, message: TransactionMessage<'ConfirmWithdrawal'>): boolean {
  return isClaimStale(execution, lot) && hasRole(accountOf(execution, message.from), 'arbiter');
}
