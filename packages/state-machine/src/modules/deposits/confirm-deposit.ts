import { type LotId, NATIVE_ASSET, SUPPLY_MAX } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { changeSupply, isGateway } from '../../ledger/assets.ts';
import { useReference } from '../../ledger/external-references.ts';
import { checkReference, reachesThreshold } from '../../ledger/gateway-confirmation.ts';
import { availableOf, changePending, creditHolding, debitHolding } from '../../ledger/holdings.ts';
import { bridgeEscrow, ZERO_ADDRESS } from '../../ledger/known-addresses.ts';
import { emitRecord } from '../../ledger/records.ts';
import { checkCurrent, checkTransition, closeLot, knownLot, lotOf } from '../../ledger/requests.ts';
import { definedAsset } from '../../ledger/spending.ts';
import type { Operation } from '../module.ts';

/**
 * A gateway vouches that money has arrived outside: S1 –E03→ S5, it mints at most what was requested. With a threshold of m the m-th
 * agreeing statement does. MTN is never minted: it comes back from the bridge escrow.
 */
export const confirmDeposit: Operation<'ConfirmDeposit'> = {
  check: (execution, message) => {
    const lot = lotOf(execution, message.lot);
    const legal = checkTransition(lot, 'E03');
    if (legal !== 'OK' || lot === undefined) return legal;
    if (!isGateway(definedAsset(execution, lot.asset), message.from)) return 'NOT_PERMITTED';
    const current = checkCurrent(execution, lot, message.revision);
    if (current !== 'OK') return current;
    if (lot.asset === NATIVE_ASSET && availableOf(execution, bridgeEscrow(execution.chain.cryptography), NATIVE_ASSET) < message.amount) {
      return 'INSUFFICIENT_BALANCE';
    }
    const reference = checkReference(execution, lot, { ...message, gateway: message.from });
    if (reference === 'REFERENCE_USED') return reference;
    if (message.amount === 0n || message.amount > lot.requested || exceedsSupply(execution, lot.asset, message.amount))
      return 'AMOUNT_INVALID';
    return reference;
  },
  execute: (execution, message) => {
    const id = message.lot as Uint8Array as LotId;
    const lot = knownLot(execution, id);
    const asset = definedAsset(execution, lot.asset);
    const { from: gateway, revision, amount, externalRef } = message;
    if (!reachesThreshold(execution, id, lot, asset, { gateway, revision, amount, externalRef })) return;
    const escrow = bridgeEscrow(execution.chain.cryptography);
    const native = lot.asset === NATIVE_ASSET;
    if (native) debitHolding(execution, escrow, NATIVE_ASSET, amount);
    else changeSupply(execution, lot.asset, asset, amount);
    creditHolding(execution, lot.owner, lot.asset, amount);
    changePending(execution, lot.owner, lot.asset, { in: -lot.requested });
    useReference(execution, lot.asset, externalRef, id);
    emitRecord(execution, {
      state: 'S1',
      input: 'E03',
      lot: id,
      asset: lot.asset,
      amount,
      from: native ? escrow : ZERO_ADDRESS,
      to: lot.owner,
      revision,
      action: 'confirm',
      externalRef,
    });
    closeLot(execution, id, lot, { state: 5 });
  },
};

/** Whether minting would make more of an asset than amounts can count. */
function exceedsSupply(execution: Execution, asset: string, minted: bigint): boolean {
  return asset !== NATIVE_ASSET && definedAsset(execution, asset).supply + minted > SUPPLY_MAX;
}
