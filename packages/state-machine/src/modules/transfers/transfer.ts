import type { Account, Address, Asset, LotId, ResultCode, TransactionMessage } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { accountOf } from '../../ledger/accounts.ts';
import { blocksReceipts, freezeOf } from '../../ledger/freezes.ts';
import { availableOf, changePending, debitHolding } from '../../ledger/holdings.ts';
import { moveNow } from '../../ledger/movement.ts';
import { emitRecord } from '../../ledger/records.ts';
import { checkOpenLots, newLot, openedLotId, openLot } from '../../ledger/requests.ts';
import { checkCounterparty, checkSpending, definedAsset } from '../../ledger/spending.ts';
import type { Operation } from '../module.ts';

/** Position of IMMEDIATE in `TRANSFER_MODES`. */
const IMMEDIATE = 0;

/** What a plain transfer moves and between whom; a delegate's transfer has the same parts with another payer. */
export type PlainTransfer = {
  readonly payer: Address;
  readonly to: Address;
  readonly asset: string;
  readonly amount: bigint;
  readonly memo: string;
};

/** Whether a plain transfer can be applied, for whoever ordered it. */
export function checkPlainTransfer(execution: Execution, transfer: PlainTransfer): ResultCode {
  const { payer, to, asset: assetId, amount } = transfer;
  const spending = checkSpending(execution, payer, assetId, 'transfer');
  if (spending !== 'OK') return spending;
  const asset = definedAsset(execution, assetId);
  const immediate = isImmediate(asset, accountOf(execution, to));
  if (immediate && blocksReceipts(freezeOf(execution, to, assetId, asset))) return 'FROZEN';
  if (availableOf(execution, payer, assetId) < amount) return 'INSUFFICIENT_BALANCE';
  const openLots = immediate ? 'OK' : checkOpenLots(execution, payer);
  if (openLots !== 'OK') return openLots;
  if (amount === 0n) return 'AMOUNT_INVALID';
  return checkCounterparty(execution, payer, to);
}

/** Applies a plain transfer: at once (E04+E06), or as a request (E04) where the asset or the payee wants a confirm. */
export function executePlainTransfer(execution: Execution, transfer: PlainTransfer, action: string): void {
  const lot = openedLotId(execution);
  const { payer, to, asset, amount, memo } = transfer;
  if (isImmediate(definedAsset(execution, asset), accountOf(execution, to))) {
    moveNow(execution, { lot, from: payer, to, asset, amount, action, memo });
    return;
  }
  holdForPayee(execution, lot, { ...transfer, expiresAt: 0 }, action);
}

/** Splits a lot off the payer's main lot and asks the payee to accept it: S5 –E04→ S2. */
export function holdForPayee(
  execution: Execution,
  lot: LotId,
  request: PlainTransfer & { readonly expiresAt: number },
  action: string,
): void {
  const { payer, to, asset, amount, memo, expiresAt } = request;
  debitHolding(execution, payer, asset, amount);
  changePending(execution, payer, asset, { out: amount });
  changePending(execution, to, asset, { in: amount });
  openLot(
    execution,
    lot,
    newLot({ owner: payer, asset, amount, state: 2, requester: payer, counterparty: to, requested: amount, expiresAt, reference: memo }),
  );
  emitRecord(execution, { state: 'S5', input: 'E04', lot, asset, amount, from: payer, to, action, memo });
}

function isImmediate(asset: Asset, payee: Account): boolean {
  return asset.transferMode === IMMEDIATE && payee.autoAccept;
}

const plainTransferOf = (message: TransactionMessage<'Transfer'>): PlainTransfer => ({
  payer: message.from,
  to: message.to,
  asset: message.asset,
  amount: message.amount,
  memo: message.memo,
});

/** Pays somebody: E04 and E06 in one transaction where asset and payee allow it, otherwise E04. */
export const transfer: Operation<'Transfer'> = {
  check: (execution, message) => checkPlainTransfer(execution, plainTransferOf(message)),
  execute: (execution, message) => {
    executePlainTransfer(execution, plainTransferOf(message), 'transfer');
  },
};
