import type { Address, LotId, ResultCode, TransactionMessage } from '@mutual-chain/protocol';
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
  const spending = checkSpending(execution, transfer.payer, transfer.asset, 'transfer');
  if (spending !== 'OK') return spending;
  const immediate = isImmediate(execution, transfer);
  if (immediate && blocksReceipts(freezeOf(execution, transfer.to, transfer.asset, definedAsset(execution, transfer.asset)))) return 'FROZEN';
  if (availableOf(execution, transfer.payer, transfer.asset) < transfer.amount) return 'INSUFFICIENT_BALANCE';
  const openLots = immediate ? 'OK' : checkOpenLots(execution, transfer.payer);
  if (openLots !== 'OK') return openLots;
  if (transfer.amount === 0n) return 'AMOUNT_INVALID';
  return checkCounterparty(execution, transfer.payer, transfer.to);
}

/** Applies a plain transfer: at once (E04+E06), or as a request (E04) where the asset or the payee wants a confirm. */
export function executePlainTransfer(execution: Execution, transfer: PlainTransfer, action: string): void {
  const lot = openedLotId(execution);
  const { payer, to, asset, amount, memo } = transfer;
  if (isImmediate(execution, transfer)) {
    moveNow(execution, { lot, from: payer, to, asset, amount, action, memo });
    return;
  }
  holdForPayee(execution, lot, { ...transfer, expiresAt: 0 }, action);
}

/** Splits a lot off the payer's main lot and asks the payee to accept it: S5 –E04→ S2. */
export function holdForPayee(execution: Execution, lot: LotId, request: PlainTransfer & { readonly expiresAt: number }, action: string): void {
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

function isImmediate(execution: Execution, transfer: PlainTransfer): boolean {
  return definedAsset(execution, transfer.asset).transferMode === IMMEDIATE && accountOf(execution, transfer.to).autoAccept;
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
