import { equalBytes, type Lot, type LotId, type TransactionMessage } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { accountOf, hasRole } from '../../ledger/accounts.ts';
import { blocksReceipts, freezeOf } from '../../ledger/freezes.ts';
import { changePending, creditHolding } from '../../ledger/holdings.ts';
import { emitRecord } from '../../ledger/records.ts';
import { releaseHold } from '../../ledger/rejection.ts';
import { checkCurrent, checkTransition, closeLot, knownLot, lotOf } from '../../ledger/requests.ts';
import { definedAsset } from '../../ledger/spending.ts';
import { splitLotId } from '../../ledger/split-lot.ts';
import type { Operation } from '../module.ts';

/** Accepts a transfer, in full or in part: S2 –E06→ S5 with the payee as owner; the rest is split off and goes back by E05. */
export const confirmTransfer: Operation<'ConfirmTransfer'> = {
  check: (execution, message) => {
    const lot = lotOf(execution, message.lot);
    const legal = checkTransition(lot, 'E06');
    if (legal !== 'OK' || lot === undefined) return legal;
    if (!mayConfirm(execution, lot, message)) return 'NOT_PERMITTED';
    if (blocksReceipts(freezeOf(execution, lot.counterparty, lot.asset, definedAsset(execution, lot.asset)))) return 'FROZEN';
    const current = checkCurrent(execution, lot, message.revision);
    if (current !== 'OK') return current;
    return message.amount === 0n || message.amount > lot.amount ? 'AMOUNT_INVALID' : 'OK';
  },
  execute: (execution, message) => {
    const lot = knownLot(execution, message.lot);
    confirm(execution, message.lot as Uint8Array as LotId, lot, message.amount);
  },
};

/** The payee, or an arbiter where the money lies in a product's escrow. Never the payer. */
function mayConfirm(execution: Execution, lot: Lot, message: TransactionMessage<'ConfirmTransfer'>): boolean {
  if (equalBytes(lot.owner, message.from)) return false;
  if (equalBytes(lot.counterparty, message.from)) return true;
  return accountOf(execution, lot.owner).escrow && hasRole(accountOf(execution, message.from), 'arbiter');
}

function confirm(execution: Execution, id: LotId, lot: Lot, amount: bigint): void {
  const { owner: from, counterparty: to, asset, revision, product, productId } = lot;
  creditHolding(execution, to, asset, amount);
  changePending(execution, from, asset, { out: -amount });
  changePending(execution, to, asset, { in: -amount });
  emitRecord(execution, { state: 'S2', input: 'E06', lot: id, asset, amount, from, to, revision, product, productId, action: 'confirm' });
  const rest = lot.amount - amount;
  if (rest > 0n) {
    releaseHold(execution, lot, rest);
    emitRecord(execution, {
      state: 'S2',
      input: 'E05',
      lot: splitLotId(execution.chain.cryptography, id, 1),
      asset,
      amount: rest,
      from,
      to,
      revision,
      product,
      productId,
      action: 'partial',
      reason: 'not accepted',
      parentLot: id,
    });
  }
  closeLot(execution, id, lot, { state: 5, owner: to });
}
